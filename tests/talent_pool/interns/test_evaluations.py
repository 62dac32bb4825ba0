"""A mentor and a station evaluate each rotation, and HR decides by the score that this comes to (C4)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lms.audit.models import Event
from lms.common.states import WrongHands, WrongState
from lms.people.models import Employee
from talent_pool.interns.actions.evaluations import CannotDecide, decide_internship, evaluate_rotation
from talent_pool.interns.scoring import internship_score, rotation_score
from tests.each import each
from tests.factories import (
    hr_of,
    make_batch,
    make_checklist,
    make_dealer,
    make_employee,
    make_placement,
    make_rotation,
    make_station,
    make_student,
    with_mentor_role,
)

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
hours = st.integers(0, 400)
scores = st.integers(0, 10_000).map(lambda hundredths: Fraction(hundredths, 100))


# --- The score -------------------------------------------------------------------------------------------------------


def test_a_rotation_is_the_mean_of_its_two_evaluations():
    assert rotation_score(Decimal(80), Decimal("85.5")) == Fraction(331, 4)
    assert rotation_score(None, Decimal(80)) is None
    assert rotation_score(Decimal(80), None) is None


def test_rotations_weigh_by_their_planned_hours():
    assert internship_score([(160, Fraction(85)), (80, Fraction(70))]) == Decimal("80.00")


def test_while_one_is_missing_there_is_no_score():
    assert internship_score([(160, Fraction(85)), (80, None)]) is None
    assert internship_score([]) is None


def test_rotations_without_hours_count_alike():
    assert internship_score([(0, Fraction(60)), (0, Fraction(80))]) == Decimal(70)


@given(st.lists(st.tuples(hours, scores), min_size=1, max_size=8))
def test_the_score_lies_among_those_of_the_rotations(rotations):
    score = internship_score(rotations)
    counted = [one for hours_, one in rotations if hours_] or [one for _hours, one in rotations]
    assert min(counted) - Fraction(1, 100) <= score <= max(counted) + Fraction(1, 100)


# --- Evaluating ------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def rotation(db):
    batch = make_batch()
    student = make_student(batch.targeted_class, position="intern", name="小林")
    placement = make_placement(batch, student, stage="under_way", started_at=AT, started_by=hr_of(batch.dealer))
    return make_rotation(placement, mentor=with_mentor_role(make_employee("technician", name="老周")))


@pytest.fixture
def supervisor(db):
    return make_employee("workshop_supervisor").user


@pytest.fixture
def checklist(db):
    return make_checklist((("守时", 1), ("动手能力", 3)), scale="points")


def evaluate(rotation, checklist, by, kind="mentor", points=(5, 4), at=AT):
    values = dict(zip(checklist.items.order_by("order").values_list("pk", flat=True), points, strict=True))
    return evaluate_rotation(rotation=rotation, kind=kind, checklist=checklist, values=values, by=by, at=at)


def evaluate_both(rotation, checklist, supervisor, points=(5, 4)):
    evaluate(rotation, checklist, rotation.mentor.user, points=points)
    evaluate(rotation, checklist, supervisor, "station", points=points)


def test_mentor_and_station_evaluate_once_each(rotation, checklist, supervisor):
    evaluate_both(rotation, checklist, supervisor)
    for kind, by in each([("mentor", rotation.mentor.user), ("station", supervisor)]):
        with pytest.raises(CannotDecide, match="already on record"):
            evaluate(rotation, checklist, by, kind)


def test_each_evaluates_for_their_own_side_alone(rotation, checklist, supervisor):
    strangers = [
        ("mentor", supervisor), ("station", rotation.mentor.user), ("mentor", rotation.placement.person.user),
        ("station", rotation.placement.person.user), ("mentor", make_employee("technician").user),
        ("station", make_employee("workshop_supervisor", dealer=make_dealer("YT02")).user),
    ]  # fmt: skip
    for kind, by in each(strangers):
        with pytest.raises(WrongHands):
            evaluate(rotation, checklist, by, kind)


def test_a_mentor_who_keeps_stations_too_gives_one_of_the_two(rotation, checklist, supervisor):
    rotation.mentor = supervisor.employee
    rotation.save()
    evaluate(rotation, checklist, supervisor)
    with pytest.raises(WrongHands):
        evaluate(rotation, checklist, supervisor, "station")


def test_a_rotation_that_has_not_begun_is_not_evaluated(rotation, checklist):
    rotation.starts_on, rotation.ends_on = date(2026, 11, 26), date(2026, 12, 20)
    rotation.save()
    with pytest.raises(CannotDecide, match="not begun"):
        evaluate(rotation, checklist, rotation.mentor.user)


# --- Deciding --------------------------------------------------------------------------------------------------------


def decide(rotation, *, passed=True, by=None, **values):
    placement = rotation.placement
    return decide_internship(placement=placement, passed=passed, by=by or hr_of(placement.batch.dealer), at=AT, **values)


def test_whoever_passes_keeps_the_score_of_that_day(rotation, checklist, supervisor):
    evaluate_both(rotation, checklist, supervisor, points=(5, 4))  # (5 + 3 × 4) of 20
    placement = decide(rotation)
    assert (placement.stage, placement.internship_score) == ("passed", Decimal("85.00"))
    assert Event.objects.get(verb="interns.decided").after["score"] == "85.00"


def test_a_missing_evaluation_is_named_and_stands_in_the_way(rotation, checklist):
    evaluate(rotation, checklist, rotation.mentor.user)
    with pytest.raises(CannotDecide, match=r"Missing: the station's evaluation at Mechanical\."):
        decide(rotation)
    rotation.placement.refresh_from_db()
    assert (rotation.placement.stage, rotation.placement.internship_score) == ("under_way", None)


def test_every_rotation_counts(rotation, checklist, supervisor):
    evaluate_both(rotation, checklist, supervisor)
    make_rotation(rotation.placement, make_station("paint", name_en="Paint"), starts_on=date(2026, 12, 7), ends_on=date(2026, 12, 20))
    with pytest.raises(CannotDecide, match="the mentor's evaluation at Paint, the station's evaluation at Paint"):
        decide(rotation)


def test_without_a_rotation_there_is_nothing_to_decide_by(rotation):
    rotation.placement.rotations.all().delete()
    with pytest.raises(CannotDecide, match="at no station"):
        decide(rotation)


def test_whoever_does_not_pass_is_a_student_again_and_reads_why(rotation, checklist, supervisor):
    evaluate_both(rotation, checklist, supervisor, points=(1, 1))
    with pytest.raises(CannotDecide, match="Say why"):
        decide(rotation, passed=False)
    placement = decide(rotation, passed=False, reason="多次缺勤")
    person = Employee.objects.get(pk=placement.person_id)
    assert (placement.stage, placement.decided_reason, person.kind) == ("not_passed", "多次缺勤", "student")


def test_it_is_decided_once_by_hr_and_by_nobody_about_themselves(rotation, checklist, supervisor):
    evaluate_both(rotation, checklist, supervisor)
    for by in each([supervisor, rotation.mentor.user, rotation.placement.person.user]):
        with pytest.raises(WrongHands):
            decide(rotation, by=by)
    decide(rotation)
    with pytest.raises(WrongState):
        decide(rotation, passed=False, reason="改判")


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_the_mentor_evaluates_on_the_page(sign_in, rotation, checklist):
    client = sign_in(rotation.mentor)
    url = reverse("rotation_evaluate", args=[rotation.placement_id, rotation.pk, "mentor"])
    assert url in client.get(reverse("internship_record", args=[rotation.placement_id])).text
    sent = {f"item_{pk}": 4 for pk in checklist.items.values_list("pk", flat=True)}
    assert client.post(url, sent).status_code == 302
    assert "80" in client.get(reverse("internship_record", args=[rotation.placement_id])).text


def test_without_a_rubric_the_page_says_who_makes_one(sign_in, rotation):
    page = sign_in(rotation.mentor).get(reverse("rotation_evaluate", args=[rotation.placement_id, rotation.pk, "mentor"]))
    assert "No rubric yet" in page.text


def test_hr_reads_the_formula_and_decides_on_the_page(sign_in, rotation, checklist, supervisor):
    client = sign_in(make_employee("hr_officer"))
    url = reverse("internship_decide", args=[rotation.placement_id])
    assert "the mentor&#x27;s evaluation at Mechanical" in client.get(url).text
    evaluate_both(rotation, checklist, supervisor)
    page = client.get(url).text
    assert "Internship score: 85.00" in page
    assert "(160 h × 85) ÷ 160 h" in page
    client.post(url, {"passed": "yes"})
    rotation.placement.refresh_from_db()
    assert rotation.placement.stage == "passed"


def test_the_record_takes_few_statements(sign_in, rotation, checklist, supervisor, django_assert_max_num_queries):
    evaluate_both(rotation, checklist, supervisor)
    client = sign_in(make_employee("hr_officer"))
    client.get(reverse("internship_record", args=[rotation.placement_id]))
    with django_assert_max_num_queries(17):
        client.get(reverse("internship_record", args=[rotation.placement_id]))
