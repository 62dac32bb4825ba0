"""What the rule check is told, and what it finds in the hard cases (C5)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lms.people.models import Employee, EmploymentEvent
from talent_pool.interns.facts import lowest_bands, placements, shares, term_of
from talent_pool.interns.models import Paper, Pause, Placement
from talent_pool.interns.queries.findings import blocking_of
from talent_pool.labour.rules.facts import Period
from talent_pool.schools.ages import still_asked
from tests.factories import (
    make_bands,
    make_batch,
    make_dealer,
    make_employee,
    make_paper,
    make_placement,
    make_rotation,
    make_station,
    make_student,
    with_papers,
)

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 2), date(2027, 4, 30)
DAY = timedelta(days=1)


def ready(**values):
    """A placement that nothing blocks."""
    born_on = values.pop("born_on", date(2006, 5, 4))
    batch = values.pop("batch", None) or make_batch()
    student = make_student(batch.targeted_class, born_on=born_on)
    return with_papers(make_placement(batch, student, **{"stage": "placed", "monthly_pay": Decimal(4500), **values}))


def rules(placement, on=FIRST):
    fresh = Placement.objects.select_related("person__student", "batch__dealer").get(pk=placement.pk)
    return {one.rule for one in blocking_of([fresh], on).get(placement.pk, [])}


def only(placement, on=FIRST):
    return {facts.placement: facts for facts in placements(people=[placement.person_id], on=on)}[str(placement.pk)]


def test_nothing_blocks_a_placement_with_all_its_papers():
    assert rules(ready()) == set()


def test_a_placement_names_the_student_by_the_code_of_the_school():
    placement = ready()
    facts = only(placement)
    assert (facts.intern, facts.placement) == (placement.person.student.code, str(placement.pk))


@pytest.mark.parametrize(("birthday", "blocks"), [(FIRST, False), (FIRST + DAY, True)])
def test_whoever_turns_16_tomorrow_does_not_start_today(birthday, blocks):
    placement = ready(born_on=birthday.replace(year=birthday.year - 16))
    assert ("age_16" in rules(placement)) is blocks


@pytest.mark.parametrize(("birthday", "blocks"), [(FIRST, False), (FIRST + DAY, True)])
def test_the_consent_of_a_guardian_is_asked_of_whoever_is_17_on_the_first_day(birthday, blocks):
    placement = ready(born_on=birthday.replace(year=birthday.year - 18))
    placement.papers.filter(kind="guardian_consent").delete()
    assert ("guardian_consent" in rules(placement)) is blocks


@pytest.mark.parametrize(("until", "blocks"), [(LAST, False), (LAST - DAY, True)])
def test_an_agreement_that_ends_in_the_middle_of_a_placement_is_found(until, blocks):
    placement = ready()
    placement.papers.filter(kind="agreement").update(ends_on=until)
    assert ("three_party_agreement" in rules(placement)) is blocks


def test_an_agreement_that_is_followed_by_another_one_goes_on():
    placement = ready()
    placement.papers.filter(kind="agreement").update(ends_on=date(2027, 1, 31))
    make_paper(placement, "agreement", starts_on=date(2027, 2, 1), ends_on=LAST)
    assert rules(placement) == set()


def insured_again_from(day):
    placement = ready()
    placement.papers.filter(kind="insurance").update(ends_on=date(2027, 1, 31))
    make_paper(placement, "insurance", starts_on=day, ends_on=LAST)
    return placement


def test_an_insurance_that_follows_another_the_next_day_is_one():
    assert "liability_insurance" not in rules(insured_again_from(date(2027, 2, 1)))


def test_an_insurance_gap_of_a_day_is_found():
    placement = insured_again_from(date(2027, 2, 2))
    assert "liability_insurance" in rules(placement)
    assert "2027年2月1日" in blocking_of([placement], FIRST)[placement.pk][0].sentence


def test_one_student_at_two_dealers_is_found_at_both():
    first = ready()
    other = make_batch(dealer=make_dealer("YT02"), name="乙店批次")
    second = with_papers(make_placement(other, first.person.student, stage="placed", monthly_pay=Decimal(4500)))
    assert rules(first) == rules(second) != set()


def test_a_withdrawn_paper_counts_no_more():
    placement = ready()
    paper = placement.papers.get(kind="student_consent")
    Paper.objects.filter(pk=paper.pk).update(withdrawn_at=paper.recorded_at, withdrawn_by=make_employee().user, withdrawn_reason="签错")
    assert rules(placement) == {"student_consent"}


def test_a_visit_needs_neither_agreement_nor_consent_nor_pay():
    placement = ready(kind="visit", monthly_pay=None)
    placement.papers.exclude(kind__in=["insurance", "safety"]).delete()
    assert rules(placement) == set()


def test_of_what_is_over_taken_out_or_decided_nothing_is_given():
    placement = ready()
    assert list(placements(people=[placement.person_id], on=LAST))
    assert not list(placements(people=[placement.person_id], on=LAST + DAY))
    Placement.objects.filter(pk=placement.pk).update(stage="declined")
    assert not list(placements(people=[placement.person_id], on=FIRST))


def test_a_placement_that_ends_early_asks_for_papers_to_that_day_only():
    placement = ready(ended_on=date(2027, 1, 31), ended_reason="转学", stage="under_way")
    placement.papers.filter(kind="insurance").update(ends_on=date(2027, 1, 31))
    assert only(placement).ends_on == date(2027, 1, 31)
    assert rules(placement) == set()


@pytest.mark.parametrize(
    ("papers", "term"),
    [
        ([], None),
        ([(FIRST, None)], Period(FIRST, None)),
        ([(FIRST, date(2027, 1, 31)), (date(2027, 2, 1), None)], Period(FIRST, None)),
        ([(FIRST, date(2027, 1, 31)), (date(2027, 2, 2), None)], Period(FIRST, date(2027, 1, 31))),
        ([(FIRST, LAST), (date(2027, 1, 1), date(2027, 2, 1))], Period(FIRST, LAST)),
    ],
)
def test_papers_that_follow_one_another_are_one_term(papers, term):
    assert term_of([Paper(starts_on=start, ends_on=end) for start, end in papers]) == term


def test_the_measure_of_pay_is_the_lowest_band_of_the_posts_track_or_four_fifths_of_the_next():
    placement = ready(monthly_pay=Decimal(3999))
    make_bands(placement.batch.dealer)
    make_rotation(placement)
    assert lowest_bands([placement.batch.dealer_id], FIRST)[placement.batch.dealer_id, "technical"] == (4200, 5000)
    assert rules(placement) == {"pay_floor"}
    Placement.objects.filter(pk=placement.pk).update(monthly_pay=4000)
    assert rules(placement) == set()


def test_of_two_posts_the_better_paid_one_is_the_measure():
    placement = ready()
    make_bands(placement.batch.dealer, pay={"service": (3000, 3500, 5600, 6800), "technical": (4200, 5000, 6000, 7500)})
    make_rotation(placement)
    advisor = make_station("reception", dealer=placement.batch.dealer, position=make_employee("advisor").position)
    make_rotation(placement, advisor, starts_on=FIRST + 28 * DAY, ends_on=FIRST + 55 * DAY)
    assert (only(placement).lowest_wage, only(placement).post_wage) == (4200, 5000)


def test_a_station_with_high_risk_is_told_and_without_rotations_nobody_knows():
    placement = ready()
    assert only(placement).high_risk is None
    make_rotation(placement, make_station("paint", dealer=placement.batch.dealer, is_high_risk=True))
    assert only(placement).high_risk is True


def test_a_birth_date_that_was_erased_was_a_grown_ups():
    placement = ready()
    student = placement.person.student
    type(student).objects.filter(pk=student.pk).update(born_on=None, born_erased_at=placement.papers.first().recorded_at)
    assert only(placement).proved_age == 18
    assert rules(placement) == set()


def test_of_whoever_had_left_an_erased_birth_date_proves_no_age():
    placement = ready()
    student, person = placement.person.student, placement.person
    type(student).objects.filter(pk=student.pk).update(born_on=None, born_erased_at=placement.papers.first().recorded_at)
    place = {"dealer": person.dealer, "position": person.position}
    EmploymentEvent.objects.create(employee=person, kind="left", on=date(2026, 1, 5), status="left", **place)
    assert only(placement).proved_age is None
    assert "age_16" in rules(placement)


# --- shares -----------------------------------------------------------------------------------------------------


def share(dealer, on=FIRST):
    return next((one for one in shares(dealers=[dealer.pk], on=on)), None)


def at_work(number):
    dealer = make_dealer("YT01")
    batch = make_batch(dealer=dealer)
    return dealer, [ready(batch=batch) for _each in range(number)]


def test_interns_who_are_here_are_counted_beside_the_staff():
    dealer, found = at_work(2)
    for _each in range(10):
        make_employee("technician", dealer=dealer)
    assert share(dealer) is None
    Placement.objects.filter(pk=found[0].pk).update(stage="under_way")
    make_rotation(found[0])
    facts = share(dealer)
    assert (facts.staff, facts.interns) == (10, 1)
    assert [(post.post, post.staff, post.interns) for post in facts.posts] == [("technician", 10, 1)]


def test_a_departure_raises_the_share():
    dealer, found = at_work(1)
    leaver = make_employee("technician", dealer=dealer)
    Placement.objects.filter(pk=found[0].pk).update(stage="under_way")
    assert share(dealer).staff == 1
    Employee.objects.filter(pk=leaver.pk).update(status="left", left_on=FIRST)
    assert share(dealer).staff == 0


def test_whoever_is_on_a_visit_or_a_break_is_not_counted():
    dealer, (visitor, away) = at_work(2)
    Placement.objects.update(stage="under_way")
    Placement.objects.filter(pk=visitor.pk).update(kind="visit")
    assert share(dealer).interns == 1
    Pause.objects.create(placement=away, starts_on=FIRST, ends_on=FIRST, reason="返校考试", recorded_at=away.papers.first().recorded_at)
    assert share(dealer) is None
    assert share(dealer, FIRST + DAY).interns == 1


def test_many_placements_cost_as_many_statements_as_one(django_assert_num_queries):
    batch = make_batch()
    for _each in range(3):
        make_rotation(ready(batch=batch), make_station(dealer=batch.dealer, code=f"s{_each}"))
    make_bands(batch.dealer)
    with django_assert_num_queries(6):
        assert len(list(placements(dealers=[batch.dealer_id], on=FIRST))) == 3
    Placement.objects.update(stage="under_way")
    with django_assert_num_queries(3):
        assert list(shares(dealers=[batch.dealer_id], on=FIRST))


def test_a_date_of_birth_is_held_while_a_placement_runs_or_is_ahead():
    placement = ready()
    people = {placement.person_id, make_student().person_id}
    assert still_asked(people, FIRST) == still_asked(people, LAST) == {placement.person_id}
    assert still_asked(people, LAST + DAY) == set()
    Placement.objects.filter(pk=placement.pk).update(stage="declined")
    assert still_asked(people, FIRST) == set()
