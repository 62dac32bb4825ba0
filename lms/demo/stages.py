"""The demo from an empty database to a chosen stage of the present quarter."""

from datetime import timedelta
from unittest.mock import patch

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation

from assessments.exams.models import Sitting
from lms.common.quarters import bounds, previous
from lms.demo import staffing, training
from lms.demo.grading import grade_past_quarter, grade_this_quarter, make_bands, settle_pay, take_courses
from lms.demo.pipeline import fill_posts
from lms.demo.seed import QUARTERS_OF_HISTORY, build_world, day_at, give_passwords
from lms.notifications.models import Notice

STAGES = ["planned", "running", "sat", "marked", "published"]
READ_AFTER = timedelta(hours=14)  # a notice is read the next morning


def seed_demo(*, stage, seed, at, history=QUARTERS_OF_HISTORY):
    """Build the demo as it stands at `at`, after so many quarters of `history`. Raises `NotEmpty` where there are people already."""
    # What the actions would leave to a worker is done at once, so that the same seed gives the same world.
    with patch.object(settings, "BACKGROUND", "inline"), translation.override("zh-hans"):
        world = build_world(seed=seed, at=at, history=history)
        with world.clock.shown():
            make_bands(world)
            training.open_programmes(world)
            for number in range(len(world.quarters)):
                _live_through(world, number)
            for dealer in world.dealers:
                grade_this_quarter(world, dealer, stage)
            fill_posts(world)
            world.clock.at = at
            _read_old_notices(at)
            give_passwords(world)
    return world


def _read_old_notices(at):
    """What is older than a night is read, but for the notices of the exams that are open now."""
    fresh = Q(created_at__gt=at - READ_AFTER)
    for sitting in Sitting.objects.filter(status=Sitting.Status.READY, closes_at__gt=at):
        fresh |= Q(kind="grading_sitting", key__startswith=f"sitting:{sitting.pk}:")
    Notice.objects.filter(read_at__isnull=True).exclude(fresh).update(read_at=F("created_at") + READ_AFTER)


def _live_through(world, number):
    """A quarter: people come and go, train every week, take courses and, where it is over, are graded."""
    year, quarter = world.quarters[number]
    first, last = bounds(year, quarter)
    past = last < world.today
    with transaction.atomic():
        _plan(world, year, quarter, min(day_at(first, 7), world.at))
        _live(world, [*staffing.happenings(world, number), *training.remind(world, first, last)], year, quarter)
    for dealer in world.dealers:
        with transaction.atomic():
            take_courses(world, dealer, (year, quarter), min(day_at(last, 9) if past else world.at, world.at))
        if past and (year, quarter) != world.graded:
            grade_past_quarter(world, dealer, year, quarter)
            settle_pay(world, dealer, newest=(year, quarter) == previous(*world.graded))


def _plan(world, year, quarter, at):
    for dealer in world.dealers:
        training.plan(world, dealer, year, quarter, at)


def _live(world, events, year, quarter):
    """What happens in a quarter, in the order of time. Whoever comes or goes changes whose turn it is, so the rest is planned anew."""
    for dealer in world.dealers:
        events += training.happenings(world, dealer, year, quarter)
    for at, happens in sorted(events, key=lambda event: event[0]):
        if at <= world.at:
            happens(at=at)
            if happens.func in staffing.CHANGES_TURNS:
                _plan(world, year, quarter, at + timedelta(minutes=30))
