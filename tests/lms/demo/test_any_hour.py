"""The demo is built whenever somebody wants to look at it: on any day, at any hour, at every stage."""

from itertools import product

import pytest
from django.core.management import call_command
from django.utils import timezone

from assessments.exams.actions.attempts import start_attempt
from assessments.exams.models import Paper
from assessments.grading.models import Cycle
from courses.training.actions.sessions import start_session
from courses.training.models import Session
from lms.audit.models import Event
from lms.common.quarters import previous, quarter_of
from lms.demo.grading import LEFT_TO_SIT
from lms.demo.stages import STAGES, seed_demo
from lms.people.calendar import is_workday
from lms.people.queries import holidays_between
from tests.clock import MOMENTS, moment_of
from tests.each import each

pytestmark = pytest.mark.django_db
STATES = {"planned": "draft", "running": "open", "sat": "sitting", "marked": "ratified", "published": "published"}
# A seed takes its time, though its history is short here: one here, where it is most likely to stumble; two more by `make moments`, every stage at every
# moment by `make stages`.
CHOSEN = [("sat", "2028-02-29T23:30+08:00")]


def stands(stage):
    """Build the demo now, and prove that it is whole and where it should be."""
    at = timezone.now()
    world = seed_demo(stage=stage, seed=1, at=at, history=1)
    call_command("check_integrity")
    year, quarter = world.graded
    assert (year, quarter) in {now := quarter_of(timezone.localdate(at)), previous(*now)}
    cycles = Cycle.objects.filter(year=year, quarter=quarter)
    assert sorted(cycles.values_list("status", flat=True)) == [STATES[stage]] * 2 * len(world.dealers)
    waiting = Session.objects.filter(ends_at__lt=at, status__in=["planned", "confirmed", "held"])
    for dealer in each(world.dealers):
        started = _starts_what_is_of_today(dealer, at)
        assert not waiting.filter(dealer=dealer).exclude(pk__in=started).exists()
    if stage == "sat":
        _has_an_exam_open(at)


def _starts_what_is_of_today(dealer, at):
    """The service training that the seed left to be started; none where a holiday moved it to another day."""
    today = Session.objects.filter(dealer=dealer, on=timezone.localdate(at), programme__kind="service", status__in=["planned", "confirmed"])
    holidays = holidays_between(timezone.localdate(at), timezone.localdate(at))
    assert today.exists() or not is_workday(timezone.localdate(at), holidays)
    started = [start_session(session=one, by=one.programme.organiser.user, at=at) for one in today]
    assert not [one for one in started if not one.attendances.filter(state="expected").exists()]
    return [one.pk for one in started]


def _has_an_exam_open(at):
    for number in each(LEFT_TO_SIT):
        paper = Paper.objects.get(candidate__number=number, sitting__opens_at__lte=at, sitting__closes_at__gt=at)
        assert start_attempt(paper=paper, access_code=paper.sitting.access_code, by=paper.candidate.user, at=at).status == "in_progress"


@pytest.mark.parametrize(("stage", "moment"), CHOSEN)
def test_the_demo_stands_at_its_stage(stage, moment, time_machine):
    time_machine.move_to(moment_of(moment))
    stands(stage)


@pytest.mark.moments
@pytest.mark.parametrize(("stage", "moment"), [pair for pair in product(STAGES, MOMENTS) if pair not in CHOSEN])
def test_the_demo_stands_at_every_stage_at_every_moment(stage, moment, time_machine):
    time_machine.move_to(moment_of(moment))
    stands(stage)


def test_nothing_in_the_demo_happened_after_now(time_machine):
    at = moment_of("2026-11-25T10:00+08:00")
    time_machine.move_to(at)
    seed_demo(stage="running", seed=1, at=timezone.now(), history=1)
    assert not Event.objects.filter(at__gt=timezone.now()).exists()
    assert Cycle.objects.filter(status="open").exists()
