from datetime import date

import pytest

from lms.people.actions import load_holidays
from lms.people.calendar import is_workday, published_days
from lms.people.models import Holiday
from lms.people.queries import holidays_between

YEAR_2026 = published_days(date(2026, 1, 1), date(2026, 12, 31))


def test_a_weekday_is_worked_and_a_weekend_is_not():
    assert is_workday(date(2026, 11, 20), {})
    assert not is_workday(date(2026, 11, 21), {})


def test_the_package_knows_the_national_holidays_and_the_sunday_that_is_worked_for_them():
    assert not is_workday(date(2026, 10, 1), YEAR_2026)
    assert is_workday(date(2026, 9, 20), YEAR_2026)
    assert date(2026, 9, 20).weekday() == 6


def test_a_year_that_the_package_does_not_know_has_no_rows():
    assert published_days(date(2031, 1, 1), date(2031, 12, 31)) == {}


@pytest.mark.django_db
def test_holidays_load_once_and_leave_what_hr_entered():
    Holiday.objects.create(on=date(2026, 10, 1), name="Open house", is_workday=True)
    assert load_holidays(date(2026, 10, 1), date(2026, 12, 31)) > 20
    assert load_holidays(date(2026, 1, 1), date(2026, 12, 31)) == 0
    assert Holiday.objects.get(on=date(2026, 10, 1)).name == "Open house"


@pytest.mark.django_db
def test_what_hr_entered_goes_before_what_the_package_knows():
    Holiday.objects.create(on=date(2026, 10, 1), name="Open house", is_workday=True)
    days = holidays_between(date(2026, 9, 30), date(2026, 10, 2))
    assert days == {date(2026, 10, 1): ("Open house", True), date(2026, 10, 2): ("National Day", False)}
