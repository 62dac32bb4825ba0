"""Sessions in the coming weeks: those that one attends, presents, organises; and what is due around them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.training.feed import material, reflections, sessions
from courses.training.models import Reflection
from tests.factories import make_employee, make_floor, make_programme, make_session, were_there

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
START, END = datetime(2026, 11, 25, tzinfo=SHANGHAI), datetime(2027, 1, 1, tzinfo=SHANGHAI)


@pytest.fixture
def floor():
    return make_floor()


@pytest.fixture
def programme(floor):
    return make_programme(floor)


def notes(employee):
    return [entry.note for entry in sessions(employee, START, END)]


def test_each_reads_their_own_part(floor, programme):
    make_session(programme, presenter=floor.advisors[0], room="培训室")
    assert notes(floor.advisors[0]) == ["由您主讲"] or notes(floor.advisors[0]) == ["you present"]
    assert notes(floor.advisors[1]) == [""]
    assert notes(floor.supervisor)[0]
    assert notes(floor.technicians[0]) == notes(make_employee("hr_officer")) == []


def test_an_entry_says_when_where_and_what(floor, programme):
    session = make_session(programme, room="培训室", title="刹车异响")
    entry = next(sessions(floor.advisors[0], START, END))
    assert (entry.starts_at, entry.ends_at, entry.place) == (session.starts_at, session.ends_at, "培训室")
    assert entry.title.endswith("刹车异响")
    assert entry.key == f"session-{session.pk}"


@pytest.mark.parametrize("values", [{"status": "cancelled"}, {"on": date(2026, 11, 19)}, {"on": date(2027, 1, 7)}])
def test_what_is_cancelled_or_outside_the_time_is_left_out(floor, programme, values):
    make_session(programme, **values)
    assert notes(floor.advisors[0]) == []


def test_material_is_due_two_days_before_until_it_is_there(floor, programme):
    session = make_session(programme, on=date(2026, 12, 3), presenter=floor.advisors[0])
    (entry,) = material(floor.advisors[0], START, END)
    assert entry.starts_at == session.starts_at - timedelta(days=2)
    assert entry.ends_at is None
    session.material_at, session.material_by = START, floor.advisors[0].user
    session.save()
    assert not list(material(floor.advisors[0], START, END))


def test_a_reflection_is_due_until_it_is_handed_in(floor, programme):
    session = make_session(programme, is_guest=True, status="closed")
    were_there(session, floor.advisors[0])
    due_at = START + timedelta(days=3)
    owed = Reflection.objects.create(session=session, employee=floor.advisors[0], due_at=due_at)
    assert [entry.starts_at for entry in reflections(floor.advisors[0], START, END)] == [due_at]
    owed.submitted_at = START
    owed.save()
    assert not list(reflections(floor.advisors[0], START, END))


def test_many_sessions_cost_as_much_as_one(floor, programme):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            [
                *sessions(floor.advisors[0], START, END),
                *material(floor.advisors[0], START, END),
                *reflections(floor.advisors[0], START, END),
            ]
        return len(queries)

    make_session(programme, presenter=floor.advisors[0])
    one = cost()
    for week in range(1, 4):
        make_session(programme, on=date(2026, 11, 26) + timedelta(weeks=week), presenter=floor.advisors[0])
    assert cost() == one == 3
