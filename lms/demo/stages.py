"""The demo from an empty database to a chosen stage of the present quarter."""

from unittest.mock import patch

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from assessments.exams.models import Sitting
from lms.common.quarters import bounds, previous
from lms.demo.grading import day_at, grade_past_quarter, grade_this_quarter, make_bands, settle_pay, take_courses
from lms.demo.seed import build_world
from lms.demo.training import hold_sessions, open_and_plan
from lms.notifications.models import Notice

STAGES = ["planned", "running", "sat", "marked", "published"]
GRADED_QUARTERS = 3  # of the history; before that there was training and no grading yet


def seed_demo(*, stage, seed, at):
    """Build the demo as it stands at `at`. Raises `NotEmpty` where there are people already."""
    # What the actions would leave to a worker is done at once, so that the same seed gives the same world.
    with patch.object(settings, "BACKGROUND", "inline"), translation.override("zh-hans"):
        world = build_world(seed=seed, at=at)
        make_bands(world)
        with transaction.atomic():
            open_and_plan(world)
        for number, (year, quarter) in enumerate(world.quarters):
            _live_through(world, year, quarter, graded=number >= len(world.quarters) - 1 - GRADED_QUARTERS)
        for dealer in world.dealers:
            grade_this_quarter(world, dealer, stage)
        _read_old_notices(at)
    return world


def _read_old_notices(at):
    """A year's notices are read but for those of the exams that are open now."""
    fresh = Q(pk__in=[])
    for sitting in Sitting.objects.filter(status=Sitting.Status.READY, closes_at__gt=at):
        fresh |= Q(kind="grading_sitting", key__startswith=f"sitting:{sitting.pk}:")
    Notice.objects.filter(read_at__isnull=True).exclude(fresh).update(read_at=at)


def _live_through(world, year, quarter, *, graded):
    """A quarter of weekly training and, where it is over, its grading."""
    _first, last = bounds(year, quarter)
    past = last < world.today
    for dealer in world.dealers:
        with transaction.atomic():
            hold_sessions(world, dealer, year, quarter)
            if graded:
                take_courses(world, dealer, min(day_at(last, 9) if past else world.at, world.at))
        if graded and past and (year, quarter) != world.graded:
            grade_past_quarter(world, dealer, year, quarter)
            settle_pay(world, dealer, newest=(year, quarter) == previous(*world.graded))
