"""The states of a cycle and their guards (G3, G4, G5)."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from assessments.exams.models import Attempt, Blueprint
from assessments.grading.actions.candidates import compute_eligibility, waive
from assessments.grading.actions.cycles import close_cycle, draft_cycle, lock_cycle, open_cycle, start_marking, start_sitting
from assessments.grading.actions.decisions import correct_decision
from assessments.grading.actions.panels import seat_examiner, sign_results
from assessments.grading.actions.publication import publish_cycle
from assessments.grading.actions.results import ratify, return_to_marking
from assessments.grading.actions.sittings import arrange_sitting
from assessments.grading.eligibility import words_of
from assessments.grading.models import Candidacy, Cycle, PanelMember
from assessments.grading.queries.guards import missing_for, next_state
from assessments.grading.queries.panels import line_managers_on_panel
from assessments.grading.queries.records import people_not_candidates
from assessments.practicals.models import Criterion, Practical
from lms.audit.models import Event
from lms.common.states import Refused, WrongState
from lms.notifications.models import Notice
from lms.people.actions import transfer_employee
from lms.people.models import Employee, Leave
from tests.each import each
from tests.factories import (
    NINE,
    arranged_of,
    bring_to,
    make_award,
    make_cycle,
    make_dealer,
    make_employee,
    make_panel,
    make_published_cycle,
    opens_at,
    result_of,
    score,
    score_by_all,
    sign_all,
    sit,
    theory_of,
)
from tests.factories.grading import make_means
from tests.lms.home.test_integrity import past_the_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr():
    return make_employee("hr_officer").user


# --- opening -----------------------------------------------------------------------------------


def test_candidates_are_all_staff_of_the_track_each_one_step_up():
    supervisor, technician = make_employee("technical_supervisor"), make_employee("technician", status="probation")
    make_employee("advisor")
    make_employee("technician", status="left", left_on=NINE.date())
    make_employee("technician", dealer=make_dealer("YT02"))
    cycle = make_cycle(people=0)
    assert {c.employee for c in cycle.candidacies.all()} == {supervisor, technician}
    assert {(c.from_level, c.to_level) for c in cycle.candidacies.all()} == {(0, 1)}


def test_there_is_one_cycle_a_quarter_and_track(hr):
    make_cycle(people=1)
    with pytest.raises(match="2026"):
        open_cycle(dealer=make_dealer(), track="technical", year=2026, quarter=1, by=hr, at=NINE)
    assert Cycle.objects.count() == 1


@pytest.mark.parametrize(("year", "quarter"), [(2025, 3), (2026, 3), (2027, 1), (2026, 4), (2016, 1)])
def test_a_cycle_is_drafted_for_the_quarter_before_this_one_or_the_next_alone(hr, year, quarter):
    make_employee("technician")
    with pytest.raises(Refused):
        draft_cycle(dealer=make_dealer(), track="technical", year=year, quarter=quarter, by=hr, at=NINE)
    assert not Cycle.objects.exists()


def test_the_cycle_of_a_quarter_to_come_waits_for_it(hr):
    """In it no session could have been missed yet and no reflection be owed: everyone would be found eligible (G4)."""
    make_employee("technician")
    cycle = draft_cycle(dealer=make_dealer(), track="technical", year=2026, quarter=2, by=hr, at=NINE)
    with pytest.raises(Refused):
        open_cycle(cycle=cycle, by=hr, at=NINE)
    april = datetime(2026, 4, 1, 0, 5, tzinfo=NINE.tzinfo)
    with pytest.raises(Refused):
        open_cycle(cycle=cycle, by=hr, at=april - timedelta(minutes=6))
    open_cycle(cycle=cycle, by=hr, at=april)
    assert cycle.candidacies.count() == 1


def test_a_late_cycle_of_the_quarter_before_is_opened_all_the_same(hr):
    make_employee("technician")
    assert open_cycle(dealer=make_dealer(), track="technical", year=2025, quarter=4, by=hr, at=NINE).status == Cycle.Status.OPEN


def test_a_track_without_people_is_not_opened(hr):
    with pytest.raises(Refused):
        open_cycle(dealer=make_dealer(), track="technical", year=2026, quarter=1, by=hr, at=NINE)
    assert not Cycle.objects.exists()


def test_a_draft_waits_for_its_opening(hr):
    make_employee("technician")
    cycle = draft_cycle(dealer=make_dealer(), track="technical", year=2026, quarter=1, by=hr, at=NINE)
    assert cycle.status == Cycle.Status.DRAFT
    assert not cycle.candidacies.exists()
    open_cycle(cycle=cycle, by=hr, at=NINE)
    assert cycle.candidacies.count() == 1


def test_people_at_level_3_are_not_candidates_but_listed(hr):
    veteran = make_employee("technician")
    for quarter in (1, 2, 3):
        make_cycle("published", people=[veteran, make_employee("technician")] if quarter == 1 else [], quarter=quarter)
    assert Employee.objects.get(pk=veteran.pk).technical_level == 3
    cycle = make_cycle(people=[], quarter=4)
    assert veteran not in {c.employee for c in cycle.candidacies.all()}
    assert list(people_not_candidates(cycle)) == [veteran]


# --- eligibility -------------------------------------------------------------------------------


def test_computing_again_changes_nothing_and_takes_in_who_joined(hr):
    cycle = make_cycle(people=2)
    assert compute_eligibility(cycle=cycle, by=hr, at=NINE) == (2, 2)
    newcomer = make_employee("technician")
    assert compute_eligibility(cycle=cycle, by=hr, at=NINE) == (3, 3)
    assert cycle.candidacies.filter(employee=newcomer, is_eligible=True).exists()


@pytest.mark.parametrize(
    "change",
    [{"status": "on_leave"}, {"status": "left", "left_on": NINE.date()}],
)
def test_people_on_leave_or_gone_may_not_sit(hr, change):
    cycle = make_cycle(people=2)
    gone = cycle.candidacies.first().employee
    Employee.objects.filter(pk=gone.pk).update(**change)
    assert compute_eligibility(cycle=cycle, by=hr, at=NINE) == (1, 2)
    assert not cycle.candidacies.get(employee=gone).may_sit


def test_approved_leave_on_the_day_keeps_someone_from_sitting_and_leave_around_it_does_not(hr):
    cycle, day = make_cycle(people=2), NINE.date()
    away, back = (candidacy.employee for candidacy in cycle.candidacies.order_by("pk"))
    Leave.objects.create(employee=away, starts_on=day, ends_on=day)
    for other in each([day - timedelta(days=1), day + timedelta(days=1)]):
        Leave.objects.create(employee=back, starts_on=other, ends_on=other)
    compute_eligibility(cycle=cycle, by=hr, at=NINE)
    assert [candidacy.may_sit for candidacy in cycle.candidacies.order_by("pk")] == [False, True]


def test_who_has_gone_to_another_dealer_may_not_sit_at_the_old_one(hr):
    cycle = make_cycle(people=2)
    Employee.objects.filter(pk=cycle.candidacies.order_by("pk").first().employee_id).update(dealer=make_dealer("YT09"))
    compute_eligibility(cycle=cycle, by=hr, at=NINE)
    assert [candidacy.may_sit for candidacy in cycle.candidacies.order_by("pk")] == [False, True]


def test_a_person_in_another_position_may_not_sit(hr):
    cycle = make_cycle(people=2)
    moved = cycle.candidacies.first().employee
    Employee.objects.filter(pk=moved.pk).update(position=make_employee("advisor").position)
    assert compute_eligibility(cycle=cycle, by=hr, at=NINE)[0] == 1


def test_eligibility_costs_the_same_for_2_and_30_people(hr):
    cycle = make_cycle(people=2)
    with CaptureQueriesContext(connection) as two:
        compute_eligibility(cycle=cycle, by=hr, at=NINE)
    for _number in range(28):
        make_employee("technician", sign_in=False)
    compute_eligibility(cycle=cycle, by=hr, at=NINE)  # takes them in
    with CaptureQueriesContext(connection) as thirty:
        compute_eligibility(cycle=cycle, by=hr, at=NINE)
    assert len(thirty) <= len(two) <= 20


def test_hr_waives_with_a_reason_and_it_is_on_record(hr):
    cycle = make_cycle(people=2)
    candidacy = cycle.candidacies.first()
    Employee.objects.filter(pk=candidacy.employee_id).update(status="on_leave")
    compute_eligibility(cycle=cycle, by=hr, at=NINE)
    with pytest.raises(Refused):
        waive(candidacy=candidacy, reason=" ", by=hr, at=NINE)
    assert waive(candidacy=candidacy, reason="提前返岗", by=hr, at=NINE).may_sit
    assert Event.objects.get(verb="candidacy.waived").after["reason"] == "提前返岗"
    with pytest.raises(Refused):
        waive(candidacy=candidacy, reason="再次", by=hr, at=NINE)


def test_who_may_sit_already_needs_no_waiver_and_level_and_position_cannot_be_waived(hr):
    cycle = make_cycle(people=2)
    compute_eligibility(cycle=cycle, by=hr, at=NINE)
    first, second = cycle.candidacies.order_by("pk")
    with pytest.raises(Refused):
        waive(candidacy=first, reason="多余", by=hr, at=NINE)
    Employee.objects.filter(pk=second.employee_id).update(status="left", left_on=NINE.date())
    compute_eligibility(cycle=cycle, by=hr, at=NINE)
    with pytest.raises(Refused):
        waive(candidacy=second, reason="已离职", by=hr, at=NINE)


def test_nothing_is_waived_or_computed_once_locked(hr):
    cycle = make_cycle("locked")
    with pytest.raises(WrongState):
        compute_eligibility(cycle=cycle, by=hr, at=NINE)
    with pytest.raises(WrongState):
        waive(candidacy=cycle.candidacies.first(), reason="晚了", by=hr, at=NINE)


# --- the panel ---------------------------------------------------------------------------------


def test_the_panel_of_each_track_has_its_three_seats(hr):
    for track, seats in {
        "service": ["general_manager", "oem_service_coach", "service_manager"],
        "technical": ["technical_director", "oem_technical_coach", "service_manager"],
    }.items():
        make_panel(cycle := make_cycle(track=track, people=1))
        assert [member.seat for member in cycle.panel.all()] == seats


@pytest.mark.parametrize(
    ("seat", "position"),
    [("service_manager", "workshop_supervisor"), ("general_manager", "general_manager"), ("oem_technical_coach", "oem_service_coach")],
)
def test_a_seat_is_for_the_holder_of_its_position_in_this_track(hr, seat, position):
    with pytest.raises(Refused):
        seat_examiner(cycle=make_cycle(), seat=seat, examiner=make_employee(position), by=hr, at=NINE)


def test_the_service_manager_of_another_dealer_does_not_sit(hr):
    stranger = make_employee("service_manager", dealer=make_dealer("YT02"))
    with pytest.raises(Refused):
        seat_examiner(cycle=make_cycle(), seat="service_manager", examiner=stranger, by=hr, at=NINE)


def test_a_line_manager_on_the_panel_is_marked_not_refused():
    boss = make_employee("service_manager")
    theirs, other = make_employee("technician", manager=boss), make_employee("technician")
    make_panel(cycle := make_cycle(people=[theirs, other]))
    assert line_managers_on_panel(cycle) == {theirs.pk: boss.pk}


def test_the_panel_is_fixed_once_locked(hr):
    cycle = make_cycle("locked")
    with pytest.raises(WrongState):
        seat_examiner(cycle=cycle, seat="service_manager", examiner=make_employee("service_manager"), by=hr, at=NINE)


# --- locking to marking ------------------------------------------------------------------------


def test_locking_says_all_that_is_missing(hr):
    cycle = make_cycle(people=1)
    with pytest.raises(Refused) as refusal:
        lock_cycle(cycle=cycle, by=hr, at=NINE)
    words = [str(PanelMember.Seat(seat).label) for seat in PanelMember.SEATS["technical"]]
    assert all(word in str(refusal.value) for word in each(words))
    assert len(missing_for(Cycle.objects.get())) == 5  # three seats, not computed, nobody may sit
    assert Cycle.objects.get().status == cycle.status == Cycle.Status.OPEN


def test_a_level_without_blueprint_or_rubric_keeps_the_cycle_open(hr):
    cycle = make_cycle(people=1)
    make_panel(cycle)
    compute_eligibility(cycle=cycle, by=hr, at=NINE)
    assert len(missing_for(cycle)) == 2


def test_locking_gives_everyone_admitted_a_practical_for_the_panel_and_tells_them(hr):
    cycle = make_cycle(people=3)
    away = cycle.candidacies.first().employee
    Employee.objects.filter(pk=away.pk).update(status="on_leave")
    bring_to(cycle, "locked", by=hr)
    assert {p.candidate for p in Practical.objects.all()} == {c.employee for c in cycle.candidacies.exclude(employee=away)}
    assert all(p.markers.count() == 3 for p in each(Practical.objects.all()))
    assert Notice.objects.filter(kind="grading_eligible").count() == 2


def test_someone_who_sits_in_another_cycle_under_way_is_not_locked_a_second_time(hr):
    person = make_employee("technician")
    make_cycle("sitting", people=[person], quarter=1)
    later = make_cycle(people=[], quarter=2)
    compute_eligibility(cycle=later, by=hr, at=NINE)
    assert any(person.name in sentence for sentence in missing_for(later))


def test_who_has_not_begun_work_is_no_candidate_before_that_day(hr):
    here, coming = make_employee("technician"), make_employee("technician", hired_on=NINE.date() + timedelta(days=7))
    cycle = make_cycle(people=[here, coming], by=hr, opened_at=NINE)
    assert [c.employee for c in cycle.candidacies.all()] == [here]
    Candidacy.objects.create(cycle=cycle, employee=coming, from_level=0, to_level=1)  # as cycles took them in before
    compute_eligibility(cycle=cycle, by=hr, at=NINE)
    assert not cycle.candidacies.get(employee=coming).may_sit
    compute_eligibility(cycle=cycle, by=hr, at=NINE + timedelta(days=7))
    assert cycle.candidacies.get(employee=coming).may_sit


def test_a_track_in_which_nobody_has_begun_is_not_opened(hr):
    make_employee("technician", hired_on=NINE.date() + timedelta(days=7))
    with pytest.raises(Refused):
        open_cycle(dealer=make_dealer(), track="technical", year=2026, quarter=1, by=hr, at=NINE)


@pytest.fixture
def move():
    """Move someone to the other dealer; their cycle there is opened by its own HR, with two colleagues."""

    def to_the_other_dealer(person):
        there = make_dealer("YT02")
        transfer_employee(employee=person, dealer=there, by=make_employee("group_hr").user, at=timezone.now())
        theirs = make_employee("hr_officer", dealer=there).user
        colleagues = [make_employee("technician", dealer=there) for _number in range(2)]
        return make_cycle(people=colleagues, dealer=there, by=theirs, opened_at=NINE - timedelta(days=5))

    return to_the_other_dealer


def finding_of(cycle, person):
    candidacy = cycle.candidacies.get(employee=person)
    (found,) = [finding for finding in candidacy.findings if finding["rule"] == "level"]
    return candidacy.may_sit, words_of(found)


def test_a_step_at_one_dealer_closes_the_quarter_at_the_next_and_holds_nobody_up_there(hr, move):
    """One step a quarter, wherever: whoever rose is not admitted again, and cannot be waived; the others are published (G2)."""
    first = make_cycle("published", people=2, by=hr)
    person = first.decisions.get().employee
    cycle = move(person)
    bring_to(cycle, "published", by=cycle.opened_by)
    with translation.override("en"):
        assert finding_of(cycle, person) == (False, "Has had a step in this quarter already, and there is one a quarter")
    assert cycle.candidacies.get(employee=person).outcome == Candidacy.Outcome.NOT_ADMITTED
    assert cycle.decisions.count() == 1


def test_a_step_that_was_taken_back_closes_the_quarter_all_the_same(hr, move):
    """The quarter's step was given; the database gives no second one, so no exam leads to it."""
    group = [make_employee("group_hr").user for _one in range(2)]
    award = make_cycle("published", people=2, by=hr).decisions.get()
    correct_decision(decision=award, reason="试卷有误", confirmed_by=group[1], by=group[0], at=NINE)
    cycle = move(Employee.objects.get(pk=award.employee_id))
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE)
    assert not cycle.candidacies.get(employee=award.employee).may_sit


def test_who_is_examined_at_one_dealer_keeps_that_candidacy_and_holds_no_lock_up_at_the_next(hr, move):
    first = make_cycle("sitting", people=2, by=hr)
    person = first.candidacies.first().employee
    cycle = move(person)
    bring_to(cycle, "sitting", by=cycle.opened_by)
    with translation.override("en"):
        assert finding_of(cycle, person) == (False, "Is being examined at another dealer, and keeps that candidacy")


def test_whoever_was_admitted_twice_meanwhile_asks_for_eligibility_anew_before_the_lock(hr, move):
    first = make_cycle(people=2, by=hr)
    make_panel(first)
    make_means("technical", 1)
    compute_eligibility(cycle=first, by=hr, at=NINE)
    person = first.candidacies.first().employee
    cycle = move(person)
    make_panel(cycle)
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE)
    lock_cycle(cycle=first, by=hr, at=NINE)
    with translation.override("en"), pytest.raises(Refused, match=f"{person.name} are being examined at another dealer"):
        lock_cycle(cycle=cycle, by=cycle.opened_by, at=NINE)
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE)
    lock_cycle(cycle=cycle, by=cycle.opened_by, at=NINE)
    bring_to(first, "published", by=hr)
    with past_the_triggers():  # as a cycle locked before this rule may have it
        cycle.candidacies.filter(employee=person).update(is_eligible=True, from_level=1, to_level=2)
        Cycle.objects.filter(pk=cycle.pk).update(status="open")
    with translation.override("en"):
        assert any("have had a step in this quarter by now" in sentence for sentence in missing_for(Cycle.objects.get(pk=cycle.pk)))


def test_a_second_step_in_the_quarter_is_refused_in_words_at_publication(hr, move):
    """For cycles that were locked before anyone asked; their HR reads the way out."""
    person = make_cycle("published", people=2, by=hr).decisions.get().employee
    cycle = move(person)
    bring_to(cycle, "ratified", by=cycle.opened_by)
    with past_the_triggers():
        cycle.candidacies.filter(employee=person).update(is_eligible=True, from_level=1, to_level=2, outcome="passed")
    sign_all(cycle)
    with translation.override("en"), pytest.raises(Refused, match=f"{person.name} have had a step in this quarter already"):
        publish_cycle(cycle=cycle, by=cycle.opened_by, at=NINE)


def test_who_is_in_another_cycle_under_way_and_was_not_admitted_there_is_no_obstacle_here(hr):
    person = make_employee("technician")
    earlier = make_cycle(people=[person, make_employee("technician", status="on_leave")], by=hr)
    away = earlier.candidacies.exclude(employee=person).get().employee
    bring_to(earlier, "sitting", by=hr)
    Employee.objects.filter(pk=away.pk).update(status="active")
    later = make_cycle(people=[], quarter=2, by=hr)
    compute_eligibility(cycle=later, by=hr, at=NINE)
    (sentence,) = [sentence for sentence in missing_for(later) if person.name in sentence]
    assert away.name not in sentence


def test_a_level_awarded_meanwhile_asks_for_eligibility_anew_before_the_lock(hr):
    earlier = make_cycle("ratified", people=1, quarter=1)
    person = earlier.candidacies.get().employee
    later = make_cycle(people=[], quarter=2)
    make_panel(later)
    compute_eligibility(cycle=later, by=hr, at=NINE)
    bring_to(earlier, "published", by=hr)
    make_means("technical", 2)
    with pytest.raises(Refused, match=person.name):
        lock_cycle(cycle=later, by=hr, at=NINE)
    compute_eligibility(cycle=later, by=hr, at=NINE)
    assert lock_cycle(cycle=later, by=hr, at=NINE).candidacies.get().to_level == 2


def test_a_sitting_is_in_the_future_and_by_what_the_lock_kept(hr):
    cycle = make_cycle("locked")
    times = {"opens_at": NINE, "closes_at": NINE + timedelta(hours=2), "by": hr}
    component = theory_of(cycle)
    with pytest.raises(Refused):
        arrange_sitting(component=component, at=NINE, **times)
    Blueprint.objects.filter(frozen_at=None).update(in_use=False)
    arrange_sitting(component=component, at=NINE - timedelta(days=1), **times)  # the lock keeps what it found
    assert arranged_of(cycle).sitting.blueprint == component.blueprint


def test_no_candidate_of_the_cycle_watches_over_its_exams(hr):
    cycle = make_cycle("locked")
    person = cycle.candidacies.first().employee
    times = {"opens_at": NINE, "closes_at": NINE + timedelta(hours=2), "by": hr, "at": NINE - timedelta(days=1)}
    with pytest.raises(Refused, match=person.name):
        arrange_sitting(component=theory_of(cycle), invigilator=person, **times)
    assert arrange_sitting(component=theory_of(cycle), invigilator=make_employee("information_assistant"), **times)


def test_the_exam_starts_when_every_level_has_papers(hr):
    cycle = make_cycle("locked")
    with pytest.raises(Refused):
        start_sitting(cycle=cycle, by=hr, at=NINE)
    at = NINE - timedelta(days=1)
    arrange_sitting(component=theory_of(cycle), opens_at=NINE, closes_at=NINE + timedelta(hours=2), by=hr, at=at)
    with pytest.raises(Refused):
        start_sitting(cycle=cycle, by=hr, at=NINE)


def test_a_moved_exam_is_told_again_and_a_repeated_word_is_not(hr):
    cycle = make_cycle("sitting")
    assert Notice.objects.filter(kind="grading_sitting").count() == 2
    from assessments.grading.actions.sittings import tell_dates

    tell_dates(arranged=arranged_of(cycle))
    assert Notice.objects.filter(kind="grading_sitting").count() == 2


def test_marking_waits_until_everyone_is_done_or_the_window_is_over(hr):
    cycle = make_cycle("sitting")
    during, after = opens_at(cycle) + timedelta(minutes=50), opens_at(cycle) + timedelta(hours=3)
    first, _second = cycle.candidacies.all()
    with pytest.raises(Refused):
        start_marking(cycle=cycle, by=hr, at=during)
    sit(first)
    start_marking(cycle=cycle, by=hr, at=after)
    assert Cycle.objects.get().status == Cycle.Status.MARKING


def test_ratifying_waits_for_every_sheet_and_then_takes_no_more(hr):
    cycle = make_cycle("sitting")
    first, second = cycle.candidacies.order_by("pk")
    sit(first)
    start_marking(cycle=cycle, by=hr, at=opens_at(cycle) + timedelta(hours=3))
    with pytest.raises(match=first.employee.name):
        ratify(cycle=cycle, by=hr, at=NINE)
    assert not Practical.objects.filter(status=Practical.Status.CLOSED).exists()
    score_by_all(first)
    ratify(cycle=cycle, by=hr, at=NINE)
    with pytest.raises(Refused):
        score(first)
    outcomes = dict(cycle.candidacies.values_list("pk", "outcome"))
    assert outcomes == {first.pk: Candidacy.Outcome.PASSED, second.pk: Candidacy.Outcome.MISSED}


@pytest.mark.parametrize(("right", "share"), [(True, 0), (False, 1), (False, 0)])
def test_both_components_must_be_passed(hr, right, share):
    cycle = make_cycle("sitting", people=1)
    candidacy = cycle.candidacies.get()
    sit(candidacy, right=right)
    score_by_all(candidacy, share=share)
    start_marking(cycle=cycle, by=hr, at=opens_at(cycle) + timedelta(hours=3))
    ratify(cycle=cycle, by=hr, at=NINE)
    assert cycle.candidacies.get().outcome == Candidacy.Outcome.FAILED


def test_exactly_the_pass_mark_passes(hr):
    make_means("technical", 1)
    Criterion.objects.filter(max_points=5).delete()  # 20 points: 12 are 60 of 100
    cycle = make_cycle("sitting", people=1)
    candidacy = cycle.candidacies.get()
    sit(candidacy)
    score_by_all(candidacy, share=0.6)
    start_marking(cycle=cycle, by=hr, at=opens_at(cycle) + timedelta(hours=3))
    ratify(cycle=cycle, by=hr, at=NINE)
    assert result_of(candidacy, "practical").score == 60
    assert cycle.candidacies.get().outcome == Candidacy.Outcome.PASSED


@pytest.mark.parametrize(("points", "outcome"), [("59.99", "failed"), ("60", "passed")])
def test_exactly_the_pass_mark_passes_in_theory(hr, points, outcome):
    cycle = make_cycle("marking", people=1)
    Attempt.objects.update(score=points)
    ratify(cycle=cycle, by=hr, at=NINE)
    assert cycle.candidacies.get().outcome == outcome


# --- signatures --------------------------------------------------------------------------------


def test_nothing_is_published_before_all_three_have_signed(hr):
    cycle = make_cycle("ratified")
    members = list(cycle.panel.select_related("examiner__user"))
    for number, member in enumerate(each(members)):
        with pytest.raises(Refused) as refusal:
            publish_cycle(cycle=cycle, by=hr, at=NINE)
        left = [one.examiner.name for one in members[number:]]
        assert [name for name in (one.examiner.name for one in members) if name in str(refusal.value)] == left
        sign_results(member=member, by=member.examiner.user, at=NINE)
    publish_cycle(cycle=cycle, by=hr, at=NINE)


def test_who_has_risen_since_is_named_and_the_cycle_is_not_published(hr):
    cycle = make_cycle("ratified", people=2)
    sign_all(cycle)
    passed = cycle.candidacies.get(outcome="passed").employee
    make_award(make_published_cycle(track="technical", year=2025), passed)
    with pytest.raises(Refused, match=passed.name):
        publish_cycle(cycle=cycle, by=hr, at=NINE)
    assert Cycle.objects.get(pk=cycle.pk).status == "ratified"


def test_each_signs_for_themselves_and_once(hr):
    cycle = make_cycle("ratified")
    first, second, _third = cycle.panel.select_related("examiner__user")
    with pytest.raises(Refused):
        sign_results(member=first, by=second.examiner.user, at=NINE)
    with pytest.raises(Refused):
        sign_results(member=first, by=hr, at=NINE)
    sign_results(member=first, by=first.examiner.user, at=NINE)
    with pytest.raises(WrongState):
        sign_results(member=first, by=first.examiner.user, at=NINE)


def test_there_is_nothing_to_sign_before_results_are_fixed():
    member = make_cycle("marking").panel.select_related("examiner__user").first()
    with pytest.raises(WrongState):
        sign_results(member=member, by=member.examiner.user, at=NINE)


def test_results_taken_back_lose_their_signatures_and_take_scores_again(hr):
    cycle = make_cycle("ratified")
    sign_all(cycle)
    with pytest.raises(Refused):
        return_to_marking(cycle=cycle, reason="", by=hr, at=NINE)
    return_to_marking(cycle=cycle, reason="评分录错", by=hr, at=NINE)
    assert not cycle.panel.exclude(signed_at=None).exists()
    assert set(cycle.candidacies.values_list("outcome", flat=True)) == {Candidacy.Outcome.PENDING}
    score(cycle.candidacies.order_by("pk").last(), share=1)
    ratify(cycle=cycle, by=hr, at=NINE)


# --- the order of states -----------------------------------------------------------------------

ACTIONS = {
    "open": open_cycle,
    "locked": lock_cycle,
    "sitting": start_sitting,
    "marking": start_marking,
    "ratified": ratify,
    "published": publish_cycle,
    "closed": close_cycle,
}


@pytest.mark.parametrize("state", ["open", "locked", "sitting", "marking", "ratified", "published"])
def test_no_step_is_skipped_or_taken_twice(hr, state):
    cycle = make_cycle(state)
    for action in each(action for name, action in ACTIONS.items() if name != next_state(cycle)):
        with pytest.raises(WrongState):
            action(cycle=Cycle.objects.get(pk=cycle.pk), by=hr, at=NINE)
        assert Cycle.objects.get(pk=cycle.pk).status == state


def test_closing_waits_for_what_follows_from_publication(hr):
    cycle = make_cycle("published")
    Cycle.objects.update(followed_up_at=None)
    with pytest.raises(Refused):
        close_cycle(cycle=cycle, by=hr, at=NINE)
    Cycle.objects.update(followed_up_at=NINE)
    cycle.refresh_from_db()
    close_cycle(cycle=cycle, by=hr, at=NINE)
