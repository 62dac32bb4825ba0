"""What a presenter who has gone had confirmed is planned again (T3), one session at a time."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from courses.training.actions.presenters import unconfirm_sessions
from courses.training.actions.sessions import confirm_session
from courses.training.models import Session
from tests.factories import make_floor, make_programme, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-03T09:00+08:00")]


def test_one_that_somebody_else_was_quicker_with_stops_no_other():
    floor = make_floor()
    presenter, programme = floor.advisors[0], make_programme(floor)
    first, second = (make_session(programme, on=date(2026, 11, day), presenter=presenter) for day in (12, 19))
    for session in (first, second):
        confirm_session(session=session, by=floor.supervisor.user, at=timezone.now())
    type(presenter).objects.filter(pk=presenter.pk).update(status="left", left_on=date(2026, 11, 2))
    waiting = [first.pk]

    def somebody_is_quicker(execute, sql, params, many, context):
        if waiting and sql.startswith("UPDATE"):
            Session.objects.filter(pk=waiting.pop()).update(status="planned")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(somebody_is_quicker):
        assert unconfirm_sessions(at=timezone.now()) == 1
    second.refresh_from_db()
    assert second.status == "planned"
