"""The service training of the demo's day can be started whenever one looks."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.demo.training import OPENS_BEFORE, times_of

DAY = datetime(2026, 11, 25, tzinfo=UTC)


@given(st.integers(0, 24 * 60 - 1))
def test_its_room_can_be_opened_at_any_minute_of_the_day(minute):
    now = DAY + timedelta(minutes=minute)
    _weekday, begins = times_of(now)["service"]
    opens = datetime.combine(now.date(), begins, UTC) - timedelta(minutes=OPENS_BEFORE)
    assert opens <= now
    assert begins <= time(11) or begins >= time(12), "an hour lies within one half-day"
