"""The demo is built whenever somebody wants to look at it: on any day, at any hour, at every stage."""

from itertools import product

import pytest
from django.core.management import call_command
from django.utils import timezone

from assessments.grading.models import Cycle
from courses.training.models import Session
from lms.common.quarters import previous, quarter_of
from lms.demo.stages import STAGES, seed_demo
from tests.clock import MOMENTS, moment_of

pytestmark = pytest.mark.django_db
STATES = {"planned": "draft", "running": "open", "sat": "sitting", "marked": "ratified", "published": "published"}
# A seed takes twenty seconds: one here, where it is most likely to stumble; two more by `make moments`, every stage at every
# moment by `make stages`.
CHOSEN = [("sat", "2028-02-29T23:30+08:00")]


def stands(stage):
    """Build the demo now, and prove that it is whole and where it should be."""
    at = timezone.now()
    world = seed_demo(stage=stage, seed=1, at=at)
    call_command("check_integrity")
    year, quarter = world.graded
    assert (year, quarter) in {now := quarter_of(timezone.localdate(at)), previous(*now)}
    cycles = Cycle.objects.filter(year=year, quarter=quarter)
    assert sorted(cycles.values_list("status", flat=True)) == [STATES[stage]] * 2 * len(world.dealers)
    assert not Session.objects.filter(ends_at__lt=at, status__in=["planned", "confirmed", "held"]).exists()


@pytest.mark.parametrize(("stage", "moment"), CHOSEN)
def test_the_demo_stands_at_its_stage(stage, moment, time_machine):
    time_machine.move_to(moment_of(moment))
    stands(stage)


@pytest.mark.moments
@pytest.mark.parametrize(("stage", "moment"), [pair for pair in product(STAGES, MOMENTS) if pair not in CHOSEN])
def test_the_demo_stands_at_every_stage_at_every_moment(stage, moment, time_machine):
    time_machine.move_to(moment_of(moment))
    stands(stage)
