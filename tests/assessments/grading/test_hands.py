"""Whose hands take a cycle on: every action of it is tried by everyone whose it is not, and nothing may have changed (§2, G3, G5)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.grading.actions.candidates import compute_eligibility, waive
from assessments.grading.actions.cycles import close_cycle, draft_cycle, lock_cycle, open_cycle, start_marking
from assessments.grading.actions.panels import seat_examiner, sign_results
from assessments.grading.actions.publication import ask_for_publication, publish_cycle
from assessments.grading.actions.results import ratify, return_to_marking
from assessments.grading.actions.seats import excuse_sheets, propose_seat
from assessments.grading.actions.sittings import arrange_sitting, ask_for_papers, draw_sitting_papers
from assessments.grading.kinds.registry import kinds
from assessments.grading.models import Candidacy, Cycle, PanelMember
from assessments.grading.permissions import may_open, may_run
from assessments.grading.queries.records import candidacies_visible_to, cycles_visible_to, own_candidacies
from assessments.practicals.actions import record_sheet
from assessments.practicals.models import ScoreSheet
from lms.accounts.models import User
from lms.audit.models import Event
from lms.common import triggers
from lms.common.states import Refused, WrongHands
from lms.jobs.actions import run_job
from lms.people.choices import Role
from lms.people.models import Employee, Position
from tests.each import each
from tests.factories import (
    NINE,
    arranged_of,
    bring_to,
    make_award,
    make_cycle,
    make_dealer,
    make_employee,
    make_group,
    make_panel,
    make_position,
    make_published_cycle,
    opens_at,
    points_of,
    practical_of,
    score_by_all,
    sign_all,
    theory_of,
)
from tests.factories.grading import make_means

pytestmark = pytest.mark.django_db


def also(employee, role):
    """The person with a second role, as the database has them now."""
    employee.user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=employee.user_id)


def technical_account(employee=None):
    account = User.objects.create(username=f"root{User.objects.count()}", is_superuser=True)
    if employee:
        Employee.objects.filter(pk=employee.pk).update(user=account)
    return User.objects.get(pk=account.pk)


def wrong_hands(cycle):
    """{who they are: user}"""
    elsewhere = make_dealer("YT09")
    coach = cycle.panel.exclude(seat="service_manager").first().examiner
    Employee.objects.filter(pk=coach.pk).update(dealer=elsewhere)
    gone = make_employee("hr_officer", dealer=cycle.dealer)
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    return {
        "the system": None,
        "a technical account": technical_account(),
        "a technical account in HR": technical_account(make_employee("hr_officer", dealer=cycle.dealer)),
        "a candidate with a second role": also(cycle.candidacies.order_by("pk").last().employee, Role.HR),
        "a candidate of group HR": also(cycle.candidacies.order_by("pk").first().employee, Role.GROUP_HR),
        "a panel member with HR rights elsewhere": also(coach, Role.HR),
        "a panel member of group HR": also(cycle.panel.get(seat="service_manager").examiner, Role.GROUP_HR),
        "HR of another dealer": make_employee("hr_officer", dealer=elsewhere).user,
        "HR with the account shut": User.objects.get(pk=gone.user_id),
        "the general manager": make_employee("general_manager", dealer=cycle.dealer).user,
        "an examiner": make_employee("oem_service_coach", dealer=cycle.dealer).user,
    }


def window(cycle):
    return {"opens_at": opens_at(cycle), "closes_at": opens_at(cycle) + timedelta(hours=2)}


def seated(cycle):
    return cycle.panel.select_related("cycle__dealer", "examiner").get(seat="service_manager")


def another():
    return make_employee("service_manager")


TRIES = {
    "open": {
        "compute": lambda cycle, by: compute_eligibility(cycle=cycle, by=by, at=NINE),
        "waive own": lambda cycle, by: waive(candidacy=cycle.candidacies.order_by("pk").last(), reason="请准", by=by, at=NINE),
        "waive": lambda cycle, by: waive(candidacy=cycle.candidacies.order_by("pk").first(), reason="请准", by=by, at=NINE),
        "seat": lambda cycle, by: seat_examiner(cycle=cycle, seat="service_manager", examiner=another(), by=by, at=NINE),
        "lock": lambda cycle, by: lock_cycle(cycle=cycle, by=by, at=NINE),
    },
    "locked": {
        "arrange": lambda cycle, by: arrange_sitting(component=theory_of(cycle), **window(cycle), by=by, at=cycle.opened_at),
        "propose": lambda cycle, by: propose_seat(member=seated(cycle), examiner=another(), reason="病了", by=by, at=NINE),
    },
    "sitting": {
        "draw": lambda cycle, by: draw_sitting_papers(arranged=arranged_of(cycle), by=by, at=NINE, seed=1),
        "ask for papers": lambda cycle, by: ask_for_papers(arranged=arranged_of(cycle), seed=1, by=by, at=NINE),
        "mark": lambda cycle, by: start_marking(cycle=cycle, by=by, at=opens_at(cycle) + timedelta(hours=3)),
    },
    "marking": {
        "excuse": lambda cycle, by: excuse_sheets(member=seated(cycle), reason="病了", by=by, at=NINE),
        "ratify": lambda cycle, by: ratify(cycle=cycle, by=by, at=NINE),
    },
    "ratified": {
        "return": lambda cycle, by: return_to_marking(cycle=cycle, reason="重评", by=by, at=NINE),
        "ask for publication": lambda cycle, by: ask_for_publication(cycle=cycle, by=by, at=NINE),
        "publish": lambda cycle, by: publish_cycle(cycle=cycle, by=by, at=NINE),
    },
    "published": {"close": lambda cycle, by: close_cycle(cycle=cycle, by=by, at=NINE)},
}


@pytest.mark.parametrize("state", TRIES)
def test_nobody_takes_a_cycle_on_whose_it_is_not(state):
    cycle = make_cycle(state, people=3)
    if state == "open":
        make_panel(cycle)
        Employee.objects.filter(pk__in=cycle.candidacies.values("employee")).update(status="on_leave")
        compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE)
    if state == "ratified":
        sign_all(cycle)
    hands = wrong_hands(cycle)
    before = Event.objects.count()
    for who, by in each(hands.items()):
        assert not may_run(by, cycle), who
        for what, act in each(TRIES[state].items()):
            with pytest.raises(WrongHands), transaction.atomic():
                pytest.fail(f"{who}: {what} gave {act(Cycle.objects.get(pk=cycle.pk), by)}")
    assert Event.objects.count() == before
    assert Cycle.objects.get().status == state


def test_hr_of_the_dealer_and_of_the_group_may():
    cycle = make_cycle(people=2)
    assert may_run(cycle.opened_by, cycle)
    assert may_run(make_employee("group_hr", dealer=make_dealer("YT09")).user, cycle)


def test_a_candidacy_stays_a_candidacy_after_a_change_of_post_and_neither_it_nor_a_seat_reaches_into_another_cycle():
    cycle, other = make_cycle("locked", people=2), make_cycle(track="service", people=1)
    candidate = move(cycle.candidacies.order_by("pk").last().employee, "hr_officer")
    for person in each([candidate, seated(cycle).examiner]):
        by = also(person, Role.HR)
        assert not may_run(by, cycle)
        assert may_run(by, other)


def test_who_holds_the_highest_level_or_works_elsewhere_is_no_candidate_to_be_and_opens_the_cycle():
    supervisor, elsewhere = make_employee("technical_supervisor"), make_dealer("YT09")
    by = also(supervisor, Role.GROUP_HR)
    assert not may_open(by, supervisor.dealer, "technical")
    assert may_open(by, elsewhere, "technical")
    for quarter in (1, 2, 3):
        make_award(make_published_cycle(track="technical", quarter=quarter), supervisor)
    assert may_open(User.objects.get(pk=by.pk), supervisor.dealer, "technical")


def test_a_cycle_that_would_decide_on_oneself_is_neither_drafted_nor_opened():
    supervisor = make_employee("technical_supervisor")
    by, when = also(supervisor, Role.HR), {"dealer": supervisor.dealer, "year": 2026, "quarter": 1, "at": NINE}
    for act in (draft_cycle, open_cycle):
        with pytest.raises(WrongHands):
            act(track="technical", by=by, **when)
    assert draft_cycle(track="service", by=by, **when).status == "draft"


def test_a_supervisor_with_a_second_role_does_not_waive_her_own_ineligibility_by_screen(sign_in):
    supervisor = make_employee("technical_supervisor")
    also(supervisor, Role.HR)
    cycle = make_cycle(people=[supervisor, make_employee("technician")])
    Employee.objects.filter(pk=supervisor.pk).update(status="on_leave")
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE)
    own = cycle.candidacies.get(employee=supervisor)
    client = sign_in(supervisor)
    url = reverse("candidacy_waive", args=[own.pk])
    assert client.get(url).status_code == client.post(url, {"reason": "请准"}).status_code == 403
    assert not Candidacy.objects.get(pk=own.pk).may_sit
    page = client.get(reverse("cycle", args=[cycle.pk])).text
    assert reverse("cycle_step", args=[cycle.pk]) not in page
    assert reverse("cycle_eligibility", args=[cycle.pk]) not in page


@pytest.mark.parametrize(
    ("state", "name", "level", "data"),
    [
        ("open", "cycle_eligibility", (), {}),
        ("open", "cycle_panel", (), {"seat": "service_manager"}),
        ("open", "cycle_step", (), {"step": "locked"}),
        ("locked", "cycle_sitting", (1,), {"room": "A"}),
        ("ratified", "cycle_return", (), {"reason": "重评"}),
        ("ratified", "cycle_publish", (), {}),
    ],
)
def test_a_panel_member_with_hr_rights_elsewhere_is_refused_by_every_screen_of_a_foreign_cycle(sign_in, state, name, level, data):
    cycle = make_cycle(state, people=2)
    if state == "open":
        make_panel(cycle)
        compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE)
        make_means("technical", 1)
    if state == "ratified":
        sign_all(cycle)
    coach = cycle.panel.get(seat="oem_technical_coach").examiner
    Employee.objects.filter(pk=coach.pk).update(dealer=make_dealer("YT09"))
    also(coach, Role.HR)
    response = sign_in(coach).post(reverse(name, args=[cycle.pk, *level]), data)
    assert response.status_code == 403
    assert Cycle.objects.get().status == state


def test_whoever_is_a_candidate_sees_no_result_before_publication_whatever_else_they_are():
    cycle = make_cycle("ratified", people=3)
    first = cycle.candidacies.order_by("pk").first()
    seen = candidacies_visible_to(also(first.employee, Role.HR))
    assert seen.count() == 3
    assert set(seen.values_list("seen_outcome", "seen_theory", "seen_practical")) == {("pending", None, None)}
    hr = candidacies_visible_to(cycle.opened_by)
    assert "passed" in set(hr.values_list("seen_outcome", flat=True))


@pytest.mark.parametrize("state", ["locked", "ratified", "published"])
def test_my_exams_shows_of_ones_own_just_what_the_lists_would(state):
    cycle = make_cycle(state, people=2)
    for candidacy in each(cycle.candidacies.order_by("pk")):
        person = candidacy.employee
        (listed,) = candidacies_visible_to(also(person, Role.HR)).filter(employee=person)
        (shown,) = own_candidacies(person)
        assert shown == listed
        names = ["seen_outcome", *(f"seen_{kind.name}" for kind in kinds())]
        assert [getattr(shown, name) for name in names] == [getattr(listed, name) for name in names]
        assert "outcome" in shown.get_deferred_fields()


def test_whoever_only_looks_on_sees_no_result_before_publication():
    cycle = make_cycle("ratified", people=2)
    leaders = [make_employee(position).user for position in ("general_manager", "service_supervisor")]
    for user in each(leaders):
        seen = candidacies_visible_to(user).values_list("seen_outcome", "seen_theory", "seen_practical")
        assert set(seen) == {("pending", None, None)}
    bring_to(cycle, "published", by=cycle.opened_by)
    for user in each(leaders):
        assert set(candidacies_visible_to(user).values_list("seen_outcome", flat=True)) == {"passed", "failed"}


def test_an_examiner_whose_account_is_shut_sees_nothing_by_the_seat():
    cycle = make_cycle("marking", people=1)
    coach = cycle.panel.get(seat="oem_technical_coach").examiner.user
    assert cycles_visible_to(coach).count() == candidacies_visible_to(coach).count() == 1
    User.objects.filter(pk=coach.pk).update(is_active=False)
    shut = User.objects.get(pk=coach.pk)
    assert not cycles_visible_to(shut).exists()
    assert not candidacies_visible_to(shut).exists()


# --- the panel ---------------------------------------------------------------------------------


def move(employee, position):
    Employee.objects.filter(pk=employee.pk).update(position=make_position(position))
    return Employee.objects.select_related("position", "user").get(pk=employee.pk)


def test_a_candidate_is_not_seated_after_a_change_of_post():
    cycle = make_cycle(people=2)
    person = move(cycle.candidacies.first().employee, "service_manager")
    with pytest.raises(Refused, match="考生"):
        seat_examiner(cycle=cycle, seat="service_manager", examiner=person, by=cycle.opened_by, at=NINE)
    with pytest.raises(IntegrityError, match="candidate"), transaction.atomic():
        PanelMember.objects.create(cycle=cycle, seat="service_manager", examiner=person)


def test_who_sits_on_the_panel_and_becomes_a_candidate_gives_up_the_seat():
    cycle = make_cycle(people=2)
    make_panel(cycle)
    manager = move(cycle.panel.get(seat="service_manager").examiner, "technical_supervisor")
    with pytest.raises(IntegrityError, match="candidate"), transaction.atomic():
        Candidacy.objects.create(cycle=cycle, employee=manager, from_level=0, to_level=1)
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE)
    assert cycle.candidacies.filter(employee=manager).exists()
    assert not cycle.panel.filter(examiner=manager).exists()
    assert Event.objects.get(verb="panel.vacated").before == {"seat": "service_manager", "examiner": manager.pk}


def test_who_no_longer_holds_the_position_of_the_seat_keeps_the_cycle_open():
    cycle = make_cycle(people=2)
    make_panel(cycle)
    make_means("technical", 1)
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE)
    moved = move(cycle.panel.get(seat="service_manager").examiner, "advisor")
    with pytest.raises(Refused, match=moved.name):
        lock_cycle(cycle=cycle, by=cycle.opened_by, at=NINE)


def test_nobody_who_has_left_sits_there_already_or_is_of_another_group_is_given_a_seat():
    cycle = make_cycle(track="service", people=1)
    gone = make_employee("service_manager", status="left", left_on=NINE.date())
    manager = make_employee("service_manager")
    seat = {"cycle": cycle, "by": cycle.opened_by, "at": NINE}
    with pytest.raises(Refused, match=gone.name):
        seat_examiner(seat="service_manager", examiner=gone, **seat)
    abroad = make_employee("oem_service_coach", dealer=make_dealer("ZZ01", group=make_group("zz")))
    with pytest.raises(Refused, match=abroad.name):
        seat_examiner(seat="oem_service_coach", examiner=abroad, **seat)
    seat_examiner(seat="service_manager", examiner=manager, **seat)
    with pytest.raises(Refused, match=manager.name):
        seat_examiner(seat="general_manager", examiner=move(manager, "general_manager"), **seat)


def test_nobody_seats_themselves():
    cycle = make_cycle(people=1)
    manager = make_employee("service_manager")
    with pytest.raises(WrongHands):
        seat_examiner(cycle=cycle, seat="service_manager", examiner=manager, by=also(manager, Role.HR), at=NINE)


def test_a_signature_is_the_examiner_s_own_and_of_someone_who_may_examine():
    cycle = make_cycle("ratified", people=2)
    member = seated(cycle)
    other = cycle.panel.exclude(pk=member.pk).first().examiner
    demoted = User.objects.get(pk=member.examiner.user_id)
    demoted.groups.clear()
    for by in (None, cycle.opened_by, other.user, technical_account(), User.objects.get(pk=demoted.pk)):
        with pytest.raises(WrongHands):
            sign_results(member=member, by=by, at=NINE)
    assert not cycle.panel.exclude(signed_at=None).exists()


def test_nobody_signs_or_compares_where_they_are_a_candidate_whatever_got_past_the_database(sign_in):
    cycle = make_cycle("ratified", people=2)
    candidate = also(cycle.candidacies.order_by("pk").first().employee, Role.EXAMINER)
    with triggers.lifted("grading_panelmember"):
        PanelMember.objects.filter(seat="service_manager").update(examiner=candidate.employee)
    with pytest.raises(WrongHands):
        sign_results(member=seated(cycle), by=candidate, at=NINE)
    assert sign_in(candidate.employee).get(reverse("cycle_sign", args=[cycle.pk])).status_code == 404


def test_a_sheet_is_the_marker_s_own():
    cycle = make_cycle("sitting", people=2)
    candidacy = cycle.candidacies.select_related("employee").order_by("pk").first()
    practical, marker = practical_of(candidacy), cycle.panel.get(seat="oem_technical_coach").examiner
    other = seated(cycle).examiner
    points = points_of(practical.rubric)
    for by in (None, other.user, cycle.opened_by, technical_account(), also(candidacy.employee, Role.EXAMINER)):
        with pytest.raises(WrongHands):
            record_sheet(practical=practical, marker=marker, points=points, by=by, at=NINE)
    root = technical_account(marker)
    with pytest.raises(WrongHands):
        record_sheet(practical=practical, marker=Employee.objects.get(pk=marker.pk), points=points, by=root, at=NINE)
    assert not ScoreSheet.objects.exists()


# --- jobs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["publication", "papers"])
def test_a_job_looks_again_whether_its_starter_still_may(what):
    cycle = make_cycle("ratified" if what == "publication" else "sitting", people=2)
    starter = cycle.opened_by
    if what == "publication":
        sign_all(cycle)
        job = ask_for_publication(cycle=cycle, by=starter, at=NINE)
    else:
        job = ask_for_papers(arranged=arranged_of(cycle), seed=3, by=starter, at=NINE)
    starter.groups.clear()
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == job.Status.FAILED
    assert "人事" in job.error
    assert Cycle.objects.get().status != "published"


def test_positions_of_seats_are_those_of_the_reference_data():
    """What the seats are called by is what the positions are called by; else nobody could be seated."""
    make_position("advisor")
    assert set(PanelMember.Seat.values) <= set(Position.objects.values_list("code", flat=True))


def test_three_sheets_are_what_the_factories_make():
    cycle = make_cycle("sitting", people=1)
    assert len(score_by_all(cycle.candidacies.select_related("cycle").get())) == 3
