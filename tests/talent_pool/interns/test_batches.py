"""Batches are made within an agreement, students come within its places, and nobody is placed twice."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from lms.audit.models import Event
from lms.common.states import Refused, WrongHands
from talent_pool.interns.actions.batches import add_students, make_batch, take_out
from talent_pool.interns.models import Placement
from talent_pool.interns.queries.batches import batches_visible_to, students_to_add
from tests.factories import (
    hr_of,
    make_agreement,
    make_dealer,
    make_employee,
    make_placement,
    make_school,
    make_student,
    make_targeted_class,
)
from tests.factories import (
    make_batch as a_batch,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TERM = {"starts_on": date(2026, 11, 2), "ends_on": date(2027, 4, 30)}


@pytest.fixture
def agreement():
    return make_agreement(quota=3)


@pytest.fixture
def hr(agreement):
    return hr_of(agreement.dealer)


def made(of, hr, **values):
    given = {"dealer": of.dealer, "school": of.school, "agreement": of, "name": "2026冬季", **TERM}
    return make_batch(**given | values, by=hr, at=NOW)


def students(batch, number):
    return [make_student(batch.targeted_class, dealer=batch.dealer, school=batch.school) for _each in range(number)]


def test_a_batch_is_made_within_the_agreement(agreement, hr):
    batch = made(agreement, hr)
    assert (batch.dealer, batch.agreement, batch.made_by) == (agreement.dealer, agreement, hr)
    assert Event.objects.get(verb="interns.batch_made").dealer == agreement.dealer_id


@pytest.mark.parametrize("term", [(date(2025, 9, 1), date(2025, 12, 31)), (date(2028, 3, 1), date(2028, 8, 31))])
def test_a_batch_fits_into_an_agreement_to_the_day(agreement, hr, term):
    starts_on, ends_on = term
    assert made(agreement, hr, starts_on=starts_on, ends_on=ends_on).agreement == agreement


@pytest.mark.parametrize("term", [(date(2025, 8, 31), date(2025, 12, 31)), (date(2028, 3, 1), date(2028, 9, 1))])
def test_a_batch_of_a_day_more_than_its_agreement_is_refused(agreement, hr, term):
    starts_on, ends_on = term
    with pytest.raises(Refused, match="2028年8月31日") as refusal:
        made(agreement, hr, starts_on=starts_on, ends_on=ends_on)
    assert refusal.value.field == "agreement"


def test_an_agreement_that_ended_early_holds_no_longer(agreement, hr):
    agreement.ended_on = date(2027, 1, 31)
    agreement.save()
    with pytest.raises(Refused, match="2027年1月31日"):
        made(agreement, hr)


def test_two_batches_of_a_dealer_have_two_names(agreement, hr):
    made(agreement, hr)
    with pytest.raises(Refused, match="2026冬季") as refusal:
        made(agreement, hr)
    assert refusal.value.field == "name"


@pytest.mark.parametrize("values", [{"name": " "}, {"ends_on": date(2026, 11, 1)}])
def test_a_batch_has_a_name_and_ends_after_it_begins(agreement, hr, values):
    with pytest.raises(Refused):
        made(agreement, hr, **values)


def test_an_agreement_or_a_class_of_another_school_is_none_of_this_batch(agreement, hr):
    other = make_school("DH", name_zh="东海技校")
    with pytest.raises(Refused, match=agreement.number):
        made(agreement, hr, school=other)
    with pytest.raises(Refused, match="东海技校"):
        made(agreement, hr, school=other, agreement=None, targeted_class=make_targeted_class(agreement))


def test_only_hr_of_the_dealer_or_the_group_makes_one(agreement):
    elsewhere = make_dealer("YT02")
    for person in (make_employee("service_manager"), make_employee("hr_officer", dealer=elsewhere)):
        with pytest.raises(WrongHands):
            made(agreement, person.user)
    made(agreement, make_employee("group_hr", dealer=elsewhere).user)


def test_students_come_into_a_batch_as_applied_with_its_dates(agreement, hr):
    batch = made(agreement, hr)
    found = add_students(batch=batch, students=students(batch, 2), by=hr, at=NOW)
    assert [(one.stage, one.starts_on, one.ends_on) for one in found] == [("applied", *TERM.values())] * 2
    assert Event.objects.filter(verb="interns.added").count() == 2


def test_the_places_of_a_year_are_all_there_are_and_the_refusal_names_them(agreement, hr):
    batch = made(agreement, hr)
    add_students(batch=batch, students=students(batch, 2), by=hr, at=NOW)
    with pytest.raises(Refused, match="3 个名额，剩余 1 个，而本次需要 2 个"):
        add_students(batch=batch, students=students(batch, 2), by=hr, at=NOW)
    add_students(batch=batch, students=students(batch, 1), by=hr, at=NOW)
    assert batch.placements.count() == 3


def test_a_place_of_another_year_is_another_place(agreement, hr):
    batch = made(agreement, hr)
    add_students(batch=batch, students=students(batch, 3), by=hr, at=NOW)
    later = made(agreement, hr, name="2027夏季", starts_on=date(2027, 5, 3), ends_on=date(2027, 10, 29))
    assert len(add_students(batch=later, students=students(later, 3), by=hr, at=NOW)) == 3


def test_whoever_is_taken_out_frees_the_place_and_may_come_back(agreement, hr):
    batch = made(agreement, hr)
    everyone = students(batch, 3)
    first = add_students(batch=batch, students=everyone, by=hr, at=NOW)[0]
    take_out(placement=first, reason="生病", by=hr, at=NOW)
    first.refresh_from_db()
    assert (first.stage, first.started_at) == ("ended", None)
    add_students(batch=batch, students=[first.person.student], by=hr, at=NOW)
    first.refresh_from_db()
    assert first.stage == "applied"
    assert batch.placements.count() == 3


def test_taking_out_needs_a_reason_and_an_internship_that_has_not_started(agreement, hr):
    batch = made(agreement, hr)
    one = add_students(batch=batch, students=students(batch, 1), by=hr, at=NOW)[0]
    with pytest.raises(Refused) as refusal:
        take_out(placement=one, reason=" ", by=hr, at=NOW)
    assert refusal.value.field == "reason"
    Placement.objects.filter(pk=one.pk).update(stage="under_way")
    with pytest.raises(Refused, match="实习中"):
        take_out(placement=one, reason="生病", by=hr, at=NOW)


def test_one_student_is_never_at_two_dealers_on_the_same_days(agreement, hr):
    placement = make_placement(a_batch(dealer=make_dealer("YT02"), name="乙店冬季"))
    student = placement.person.student
    batch, group_hr = made(agreement, hr, school=student.school, agreement=None), make_employee("group_hr", dealer=agreement.dealer).user
    with pytest.raises(Refused, match=r"乙店冬季.*2026年11月2日"):
        add_students(batch=batch, students=[student], by=group_hr, at=NOW)
    Placement.objects.filter(pk=placement.pk).update(stage="ended", ended_on=date(2026, 11, 2), ended_reason="转学")
    add_students(batch=batch, students=[student], by=group_hr, at=NOW)


def test_hr_of_a_dealer_neither_reads_nor_draws_away_students_of_another(agreement, hr):
    batch = made(agreement, hr)
    theirs = make_student(dealer=make_dealer("YT02"), school=agreement.school, name="乙店学生")
    own = students(batch, 1)[0]
    assert list(students_to_add(batch, hr)) == [own]
    with pytest.raises(WrongHands, match="乙店学生"):
        add_students(batch=batch, students=[own, theirs], by=hr, at=NOW)
    assert not batch.placements.exists()
    group_hr = make_employee("group_hr", dealer=agreement.dealer).user
    assert set(students_to_add(batch, group_hr)) == {own, theirs}
    assert len(add_students(batch=batch, students=[own, theirs], by=group_hr, at=NOW)) == 2


def test_students_of_another_school_and_those_who_are_students_no_more_do_not_come(agreement, hr):
    batch = made(agreement, hr)
    stranger = make_student(school=make_school("DH", name_zh="东海技校"), name="外校生")
    with pytest.raises(Refused, match="外校生"):
        add_students(batch=batch, students=[stranger], by=hr, at=NOW)
    gone = make_student(dealer=agreement.dealer, school=agreement.school, name="已入职")
    type(gone.person).objects.filter(pk=gone.person_id).update(kind="staff", number="N77")
    gone.refresh_from_db()
    with pytest.raises(Refused, match="已入职"):
        add_students(batch=batch, students=[gone], by=hr, at=NOW)
    with pytest.raises(Refused):
        add_students(batch=batch, students=[], by=hr, at=NOW)


def test_whose_internship_is_over_is_not_counted_as_under_way():
    today = timezone.localdate()
    over = make_placement(a_batch(starts_on=today - timedelta(days=200), ends_on=today - timedelta(days=1)), stage="passed")
    here = make_placement(a_batch(over.batch.targeted_class, starts_on=today, ends_on=today + timedelta(days=90)), stage="under_way")
    found = {batch.pk: batch.under_way for batch in batches_visible_to(make_employee("hr_officer", dealer=over.batch.dealer).user)}
    assert found == {over.batch_id: 0, here.batch_id: 1}
