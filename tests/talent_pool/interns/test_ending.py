"""Breaks, another dealer, an early end, the last day."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from lms.common.states import Refused, WrongHands
from lms.notifications.models import Notice
from lms.people.actions.departures import record_departure
from lms.people.models import Employee
from talent_pool.interns.actions.batches import take_out
from talent_pool.interns.actions.ending import end_early, finish_placement, record_pause, transfer_placement
from talent_pool.interns.actions.shared import let_go
from talent_pool.interns.actions.starting import start_placement
from talent_pool.interns.models import Placement
from tests.factories import hr_of, make_batch, make_dealer, make_employee, make_placement, make_student, with_papers

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 16), date(2027, 4, 30)
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = timedelta(days=1)


@pytest.fixture
def here():
    batch = make_batch(starts_on=FIRST)
    placement = with_papers(make_placement(batch, stage="placed", monthly_pay=Decimal(4500)))
    return start_placement(placement=placement, by=hr_of(batch.dealer), at=NOW)


@pytest.fixture
def hr(here):
    return hr_of(here.batch.dealer)


def kind_of(placement):
    return Employee.objects.get(pk=placement.person_id).kind


def test_whoever_ends_early_is_a_student_again_and_reads_why(here, hr):
    end_early(placement=here, ended_on=FIRST + DAY, reason="返校补考", by=hr, at=NOW + DAY)
    here.refresh_from_db()
    assert (here.stage, here.ended_on, here.ended_reason, here.last_day) == ("ended", FIRST + DAY, "返校补考", FIRST + DAY)
    assert kind_of(here) == "student"
    assert Notice.objects.get(kind="internship_ended").context["reason"] == "返校补考"


@pytest.mark.parametrize(
    ("day", "reason", "field"),
    [
        (FIRST - DAY, "早", "ended_on"),
        (LAST + DAY, "晚", "ended_on"),
        (FIRST + 2 * DAY, "未到", "ended_on"),
        (FIRST, " ", "reason"),
    ],
)
def test_it_ends_on_a_day_within_it_that_has_come_and_for_a_reason(here, hr, day, reason, field):
    with pytest.raises(Refused) as refusal:
        end_early(placement=here, ended_on=day, reason=reason, by=hr, at=NOW + DAY)
    assert refusal.value.field == field
    assert kind_of(here) == "intern"


def test_what_has_not_started_or_is_over_does_not_end_early(here, hr):
    end_early(placement=here, ended_on=FIRST, reason="转学", by=hr, at=NOW)
    with pytest.raises(Refused, match="已结束"):
        end_early(placement=here, ended_on=FIRST, reason="转学", by=hr, at=NOW)
    waiting = make_placement(here.batch, stage="placed")
    with pytest.raises(Refused, match="已安排"):
        end_early(placement=waiting, ended_on=FIRST, reason="转学", by=hr, at=NOW)


def test_on_its_last_day_it_may_be_finished_and_not_before(here, hr):
    with pytest.raises(Refused, match="2027年4月30日"):
        finish_placement(placement=here, by=hr, at=NOW)
    Placement.objects.filter(pk=here.pk).update(ends_on=FIRST)
    finish_placement(placement=here, by=hr, at=NOW)
    here.refresh_from_db()
    assert (here.stage, here.ended_on) == ("ended", None)
    assert kind_of(here) == "student"


def test_whoever_has_another_internship_under_way_stays_an_intern(here, hr):
    make_placement(make_batch(here.batch.targeted_class), here.person.student, stage="under_way")
    let_go(placement=here, reason="", by=hr, at=NOW)
    assert kind_of(here) == "intern"


def test_whoever_became_staff_stays_staff(here, hr):
    Employee.objects.filter(pk=here.person_id).update(kind="staff", number="N9")
    let_go(placement=here, reason="", by=hr, at=NOW)
    assert kind_of(here) == "staff"


def test_a_break_lies_within_the_internship_and_beside_no_other(here, hr):
    pause = record_pause(placement=here, starts_on=FIRST + 7 * DAY, ends_on=FIRST + 9 * DAY, reason="考试", by=hr, at=NOW)
    assert here.pauses.get() == pause
    for starts_on, ends_on in ((FIRST - DAY, FIRST), (LAST, LAST + DAY), (FIRST + 9 * DAY, FIRST + 12 * DAY), (LAST, LAST - DAY)):
        with pytest.raises(Refused):
            record_pause(placement=here, starts_on=starts_on, ends_on=ends_on, reason="考试", by=hr, at=NOW)
    with pytest.raises(Refused):
        record_pause(placement=here, starts_on=FIRST, ends_on=FIRST, reason="", by=hr, at=NOW)


def there_is(here, **values):
    """A batch of the same school at another dealer, and someone over both."""
    dealer = make_dealer("YT02")
    batch = make_batch(dealer=dealer, starts_on=FIRST, school=here.batch.school, **values) if values else None
    if batch is None:
        batch = make_batch(dealer=dealer, starts_on=FIRST)
        type(batch).objects.filter(pk=batch.pk).update(school=here.batch.school, agreement=None, targeted_class=None)
        batch.refresh_from_db()
    return batch, make_employee("group_hr", dealer=here.batch.dealer).user


def test_an_intern_moves_to_another_dealer_s_batch_with_the_same_terms_and_new_papers(here):
    batch, group_hr = there_is(here)
    made = transfer_placement(placement=here, batch=batch, on=FIRST + DAY, reason="离家近", by=group_hr, at=NOW)
    here.refresh_from_db()
    assert (here.stage, here.ended_on) == ("ended", FIRST)
    assert (made.stage, made.starts_on, made.ends_on, made.monthly_pay) == ("placed", FIRST + DAY, batch.ends_on, here.monthly_pay)
    assert not made.papers.exists()
    assert kind_of(here) == "intern"
    start_placement(placement=with_papers(made), by=group_hr, at=NOW + DAY)
    person = Employee.objects.get(pk=here.person_id)
    assert (person.dealer, person.kind) == (batch.dealer, "intern")
    assert [line.kind for line in person.history.all()] == ["intern", "intern"]


def test_whoever_moves_and_is_taken_out_there_before_the_start_is_a_student_again(here):
    batch, group_hr = there_is(here)
    made = transfer_placement(placement=here, batch=batch, on=FIRST + DAY, reason="离家近", by=group_hr, at=NOW)
    take_out(placement=made, reason="不去了", by=hr_of(batch.dealer), at=NOW)
    assert kind_of(here) == "student"


def test_whoever_is_taken_out_of_a_later_batch_goes_on_as_an_intern(here, hr):
    later = make_placement(make_batch(starts_on=LAST + DAY, ends_on=LAST + 60 * DAY), here.person.student)
    take_out(placement=later, reason="不来了", by=hr, at=NOW)
    assert kind_of(here) == "intern"


def test_hr_of_one_of_the_two_dealers_does_not_move_anyone(here, hr):
    batch, _group_hr = there_is(here)
    for by in (hr, hr_of(batch.dealer)):
        with pytest.raises(WrongHands):
            transfer_placement(placement=here, batch=batch, on=FIRST + DAY, reason="离家近", by=by, at=NOW)


def test_it_moves_within_the_days_of_the_other_batch_and_to_the_same_school_s(here):
    batch, group_hr = there_is(here)
    other = make_batch(dealer=batch.dealer, starts_on=FIRST)
    type(other).objects.filter(pk=other.pk).update(school=make_other_school())
    other.refresh_from_db()
    for values in (
        {"batch": here.batch, "on": FIRST + DAY},
        {"batch": other, "on": FIRST + DAY},
        {"batch": batch, "on": FIRST},
        {"batch": batch, "on": batch.ends_on + DAY},
    ):
        with pytest.raises(Refused):
            transfer_placement(placement=here, reason="离家近", by=group_hr, at=NOW, **values)
    assert kind_of(here) == "intern"


def make_other_school():
    from tests.factories import make_school

    return make_school("DH", name_zh="东海技校")


def test_a_student_is_not_let_go_twice(here, hr):
    student = make_student(here.batch.targeted_class)
    waiting = make_placement(here.batch, student)
    let_go(placement=waiting, reason="", by=hr, at=NOW)
    assert kind_of(waiting) == "student"
    assert not waiting.person.history.exists()


def test_the_internship_of_someone_who_has_left_can_still_be_ended(here, hr):
    record_departure(employee=here.person, left_on=FIRST + DAY, leaving="resigned", reason="退学", by=hr, at=NOW + DAY)
    end_early(placement=here, ended_on=FIRST + DAY, reason="退学", by=hr, at=NOW + DAY)
    here.refresh_from_db()
    assert (here.stage, Employee.objects.get(pk=here.person_id).status) == ("ended", "left")
