from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery import current_app
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from lms.home.management.commands.sweep import night_fell_between, steps_at
from lms.home.sweep import EVERY_FEW_SECONDS, EVERY_MINUTE, EVERY_NIGHT, FEW_SECONDS, sweep
from lms.jobs.models import Job
from lms.notifications.actions import notify
from lms.notifications.models import Delivery
from tests.factories import make_employee

pytestmark = pytest.mark.django_db


def test_a_quiet_night_finds_nothing_to_do():
    assert set(sweep(at=timezone.now()).values()) == {0}


def test_one_failing_step_does_not_stop_the_others(caplog):
    steps = {"broken": "lms.home.sweep.no_such_thing", **EVERY_MINUTE}
    done = sweep(at=timezone.now(), steps=steps)
    assert done["broken"] is None
    assert list(done) == list(steps)
    assert [name for name, count in done.items() if count is None] == ["broken"]
    assert "broken" in caplog.text


def test_mail_whose_message_was_lost_goes_out_once(mailoutbox):
    person = make_employee(email="a@example.com")
    notify(kind="pay_to_approve", people=[person], key="x", context={"count": 1})
    Delivery.objects.update(sent_at=None)
    mailoutbox.clear()
    sweep(at=timezone.now(), steps=EVERY_MINUTE)
    sweep(at=timezone.now(), steps=EVERY_MINUTE)
    assert len(mailoutbox) == 1


def test_a_job_whose_worker_was_killed_is_put_back_to_work():
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.create(kind="x", status="running", heartbeat_at=long_ago, attempts=1)
    assert sweep(at=timezone.now(), steps={"jobs": EVERY_NIGHT["jobs"]}) == {"jobs": 1}


def test_the_command_says_what_it_did_and_fails_when_a_step_does(capsys, monkeypatch):
    call_command("sweep")
    assert "training reminders: 0" in capsys.readouterr().out
    monkeypatch.setitem(EVERY_NIGHT, "broken", "lms.no.such.thing")
    with pytest.raises(CommandError):
        call_command("sweep")


def test_exams_are_swept_every_few_seconds_the_rest_every_minute_and_all_at_night():
    begun = datetime(2026, 11, 2, 2, 8, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    last, taken = begun, []
    for tick in range(1, 24):
        now = begun + timedelta(seconds=tick * FEW_SECONDS)
        steps = steps_at(last, now)
        taken.append({id(EVERY_FEW_SECONDS): ".", id(EVERY_MINUTE): "m", id(EVERY_NIGHT): "N"}[id(steps)])
        last = last if steps is EVERY_FEW_SECONDS else now
    assert "".join(taken) == ".....m.....N.....m....."
    assert EVERY_FEW_SECONDS.items() <= EVERY_MINUTE.items() <= EVERY_NIGHT.items()


def test_the_beat_does_the_same():
    schedule = {one["task"]: one["schedule"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    assert schedule["home.sweep_exams"] == FEW_SECONDS
    assert current_app.tasks["home.sweep_exams"]() is None


@pytest.mark.parametrize(
    ("last", "now", "fell"),
    [
        ((1, 2, 9, 30), (1, 2, 10, 30), True),
        ((1, 2, 10, 30), (1, 2, 11, 30), False),
        ((1, 2, 8, 0), (1, 2, 9, 0), False),
        ((1, 1, 0, 0), (1, 9, 0, 0), True),
        ((1, 1, 0, 0), (2, 1, 0, 0), True),  # the machine slept over it
    ],
)
def test_the_night_falls_once_a_day(last, now, fell):
    zone = ZoneInfo("Asia/Shanghai")
    last, now = (datetime(2026, 11, *moment, tzinfo=zone) for moment in (last, now))
    assert night_fell_between(last, now) is fell
