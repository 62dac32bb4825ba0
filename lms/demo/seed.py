"""A believable dealership, built through the actions: what the seed can do, the product can do. Same seed, same world."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone, translation

from assessments.certification.actions import record_oem_certificate
from lms.accounts.models import User
from lms.common.quarters import first_day, previous, quarter_of
from lms.common.states import Refused
from lms.demo import cast
from lms.demo.clock import Clock
from lms.demo.courses import load_courses, load_topics
from lms.demo.exams import make_blueprints, make_rubrics
from lms.demo.questions import load_questions
from lms.people.actions import confirm_proposal, hire_employee
from lms.people.actions.first_hr import appoint_first_hr
from lms.people.models import Dealer, DealerGroup, Employee, Position, Proposal
from lms.people.reference import load_reference

QUARTERS_OF_HISTORY = 8
FIRST_WEEKS = timedelta(days=17)  # from the draft of a cycle to its publication
HIRED_BEFORE = timedelta(days=100)


class NotEmpty(Refused):
    """The database holds people already."""


@dataclass
class World:
    """What the parts of the seed share. `at` is now; `people` maps numbers to employees, `traits` to how good they are."""

    at: datetime
    seed: int
    director: User
    clock: Clock
    history: int = QUARTERS_OF_HISTORY  # quarters before the present one
    people: dict[str, Employee] = field(default_factory=dict)
    traits: dict[str, cast.Person] = field(default_factory=dict)
    dealers: list[Dealer] = field(default_factory=list)

    @property
    def today(self) -> date:
        return timezone.localtime(self.at).date()

    @property
    def quarters(self):
        """The quarters of the history, oldest first, and the present one last."""
        found = [quarter_of(self.today)]
        for _step in range(self.history):
            found.insert(0, previous(*found[0]))
        return found

    @property
    def began(self):
        """When the first people were brought in: before the history, so that who appointed whom keeps nobody from signing beside them."""
        return day_at(first_day(*self.quarters[0]) - HIRED_BEFORE, 9)

    def chance(self, *about):
        """Its own chance for each thing that may go one way or another: the same whatever else happens, and on any database."""
        return random.Random("/".join(map(str, (self.seed, *about))))

    def act(self, action, *, at, **particulars):
        """Do something through the product as if it were `at`."""
        self.clock.at = at
        return action(at=at, **particulars)

    @property
    def graded(self):
        """The quarter whose cycle is under way. In the first weeks of a quarter it is the one before, which is graded late: a cycle is
        opened in its own quarter or after it, and by the later stages weeks of it have passed."""
        return quarter_of(self.today - FIRST_WEEKS)

    def day(self, days):
        """The day so many days from today, before it where negative."""
        return self.today + timedelta(days=days)

    def moment(self, days, hour=9):
        """A time of that day; never before the first people were here, and never after now."""
        return min(max(day_at(self.day(days), hour), self.began), self.at)

    def holder(self, dealer, position):
        """The first person in a position at a dealer; for outside people the dealer does not count."""
        people = self.people.values()
        return next(one for one in people if one.position.code == position and (one.position.is_outside or one.dealer_id == dealer.pk))


def day_at(day, hour, minute=0):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def build_world(*, seed, at, history=QUARTERS_OF_HISTORY):
    """Dealers, people with their sign-in, courses, questions, blueprints, OEM certificates: all that a first day needs."""
    if Employee.objects.exists():
        raise NotEmpty("This database holds people already. The demo is only built in an empty one.")
    load_reference()
    director = User.objects.create(username="director", is_superuser=True, is_staff=True, password=make_password(None))
    world = World(at=at, seed=seed, director=director, clock=Clock(at), history=history)
    world.clock.at = world.began
    with translation.override("zh-hans"), world.clock.shown():
        _hire_everyone(world)
        author = world.people["GR003"].user
        load_topics()
        load_questions(by=author)
        load_courses(by=author)
        make_blueprints()
        make_rubrics()
        _record_oem_certificates(world)
    return world


def _hire_everyone(world):
    """As a new installation does: the console gives the group its first two of HR, who bring in everyone else, signers together."""
    code, zh, en = cast.GROUP
    group = DealerGroup.objects.create(code=code, name_zh=zh, name_en=en)
    for dealer_code, dealer_zh, dealer_en, city, _people in cast.DEALERS:
        world.dealers.append(Dealer.objects.create(code=dealer_code, group=group, name_zh=dealer_zh, name_en=dealer_en, city=city))
    at = world.began
    posts = {position.code: position for position in Position.objects.all()}
    first, second = (_first_hr(world, person, posts, at) for person in cast.OUTSIDE if person.position == "group_hr")
    for dealer, (*_place, people) in zip(world.dealers, cast.DEALERS, strict=True):
        for person in people if dealer != world.dealers[0] else [*people, *cast.OUTSIDE]:
            if person.number in cast.gone_before(world.history):
                continue
            world.traits.setdefault(person.number, person)
            if person.number not in world.people and not 0 < person.joined <= world.history:
                _hire(world, dealer, person, posts, first, second, at)
    give_passwords(world)


def give_passwords(world):
    """Everyone who may sign in has the password that the quick start prints."""
    User.objects.exclude(pk=world.director.pk).filter(is_active=True).update(password=make_password(cast.PASSWORD), temporary_until=None)


def _first_hr(world, person, posts, at):
    employee, _password = appoint_first_hr(
        dealer=world.dealers[0], position=posts[person.position], number=person.number, name=person.name, hired_on=person.hired_on, at=at
    )
    world.people[person.number], world.traits[person.number] = employee, person
    return employee.user


def _hire(world, dealer, person, posts, first, second, at):
    made = hire_employee(
        dealer=dealer, position=posts[person.position], number=person.number, name=person.name, hired_on=person.hired_on,
        manager=world.people.get(person.manager), by=first, at=at,
    )  # fmt: skip
    employee = confirm_proposal(proposal=made, by=second, at=at) if isinstance(made, Proposal) else made
    world.people[person.number] = employee


def _record_oem_certificates(world):
    """Counted back from a year ago, so that those of the higher levels are valid still."""
    newest = first_day(*quarter_of(world.today - timedelta(days=365)))
    for number, person in world.traits.items():
        if not person.oem_level:
            continue
        employee = world.people[number]
        kind = "服务顾问" if employee.position.track == "service" else "机电维修"
        for level in range(1, person.oem_level + 1):
            days = world.chance("oem", number, level).randint(20, 400) + 500 * (person.oem_level - level)
            issued = newest - timedelta(days=days)
            world.act(
                record_oem_certificate,
                employee=employee,
                name=f"厂家认证 {kind}",
                level=level,
                number=f"OEM-{number}-{level}",
                issued_on=issued,
                expires_on=issued + timedelta(days=3 * 365),
                by=world.holder(employee.dealer, "hr_officer").user,
                at=max(day_at(issued + timedelta(days=10), 10), world.began),
            )
