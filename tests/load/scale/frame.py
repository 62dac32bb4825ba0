"""What all dealers of a scaled world share, read or made once; and the shape of one dealer while it is being made."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Locale

from assessments.exams.models import Blueprint
from assessments.grading.models import PanelMember
from assessments.practicals.models import Rubric
from courses.catalogue.models import CoursePage, LessonPage, Topic
from lms.common.quarters import bounds, previous, quarter_of
from lms.common.versions import freeze
from lms.demo.cast import GROUP, PASSWORD
from lms.demo.exams import make_blueprints, make_rubrics
from lms.demo.questions import load_questions
from lms.people.actions import load_holidays
from lms.people.choices import Track
from lms.people.models import DealerGroup, Employee, Position
from lms.people.reference import load_reference
from lms.people.roles import sync_roles
from tests.load.scale.papers import ready_papers

DISTRICT = 20
BATCH = 5000
ZONE = ZoneInfo("Asia/Shanghai")
AIM = 1  # everybody begins at level 0 and sits for level 1


def code_of(number):
    return f"SC{number:04}"


def moment(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), ZONE)


@dataclass
class Course:
    page: CoursePage
    lessons: list[LessonPage]


@dataclass
class Frame:
    seed: int
    at: datetime
    group: DealerGroup
    positions: dict[str, Position]
    roles: dict[str, int]
    password: str
    topics: dict[str, list[Topic]]
    courses: dict[str, list[Course]]
    blueprints: dict[str, Blueprint]
    rubrics: dict[str, Rubric]
    papers: dict[str, list]

    @cached_property
    def today(self) -> date:
        return self.at.astimezone(ZONE).date()

    @cached_property
    def quarter(self):
        """The quarter that was graded: the last one that is over."""
        return previous(*quarter_of(self.today))

    @cached_property
    def first(self):
        return bounds(*self.quarter)[0]

    @cached_property
    def last(self):
        return bounds(*self.quarter)[1]

    @cached_property
    def locked_on(self):
        return self.last - timedelta(days=14)

    @cached_property
    def sat_on(self):
        return self.last - timedelta(days=7)

    @cached_property
    def published_at(self):
        return moment(self.last, 17)


@dataclass
class Worker:
    """One employee with what they are good at, each 0-100."""

    employee: Employee
    theory: int
    practice: int
    diligence: int
    attended: int = 0
    expected: int = 0
    owed: int = 0
    missing: list = field(default_factory=list)
    paper: object = None
    practical: object = None
    theory_score: object = None
    practical_score: object = None

    @property
    def pk(self):
        return self.employee.pk

    @property
    def on_leave(self):
        return self.employee.status == Employee.Status.ON_LEAVE


@dataclass
class Store:
    """One dealer being made: its people by position, and the examiners of its district by position."""

    dealer: object
    random: random.Random
    examiners: dict[str, Employee]
    workers: dict[str, list[Worker]] = field(default_factory=lambda: defaultdict(list))
    candidacies: dict[str, list] = field(default_factory=dict)
    awards: list = field(default_factory=list)

    def head(self, position):
        return self.workers[position][0].employee

    def panel(self, track):
        """The three who examine a track (G3), by seat: of the dealer, or of the district from outside."""
        return {seat: self.examiners.get(seat) or self.head(seat) for seat in PanelMember.SEATS[Track(track)]}

    def user(self, position):
        return self.head(position).user

    def track(self, track):
        """Those who train and are graded in a track."""
        return (
            self.workers["service_supervisor"] + self.workers["advisor"]
            if track == Track.SERVICE
            else (self.workers["technical_supervisor"] + self.workers["technician"])
        )


def frame_of(*, seed, at):
    load_reference()
    sync_roles()
    load_questions(by=None)
    make_blueprints()
    make_rubrics()
    first, last = bounds(*previous(*quarter_of(timezone.localdate(at, ZONE))))
    load_holidays(first, last + timedelta(days=100))
    code, name_zh, name_en = GROUP
    blueprints = {track: _kept(Blueprint, track, at) for track in Track}
    return Frame(
        seed=seed,
        at=at,
        group=DealerGroup.objects.get_or_create(code=code, defaults={"name_zh": name_zh, "name_en": name_en})[0],
        positions={position.code: position for position in Position.objects.all()},
        roles=dict(Group.objects.values_list("name", "pk")),
        password=make_password(PASSWORD),
        topics={track: list(Topic.objects.filter(track=track)) for track in Track},
        courses={track: _courses(track) for track in Track},
        blueprints=blueprints,
        rubrics={track: _kept(Rubric, track, at) for track in Track},
        papers={track: ready_papers(blueprint, seed) for track, blueprint in blueprints.items()},
    )


def _kept(model, track, at):
    """The version of the blueprint or rubric in use that the cycles rest on, as a lock would keep it."""
    in_use = model.objects.filter(track=track, level=AIM, in_use=True, frozen_at=None)
    kept = freeze(in_use.order_by("pk").first(), at=at)
    return model.objects.prefetch_related(model.PARTS).get(pk=kept.pk)


def _courses(track):
    """The courses of a track with their lessons, in the main language: the pages that enrolments point to."""
    pages = CoursePage.objects.live().filter(track=track, locale=Locale.get_default()).order_by("path")
    return [Course(page, list(LessonPage.objects.live().child_of(page).order_by("path"))) for page in pages]
