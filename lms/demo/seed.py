"""A believable dealership, built through the actions: what the seed can do, the product can do. Same seed, same world."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone, translation

from assessments.certification.actions import record_oem_certificate
from lms.accounts.models import User
from lms.common.quarters import first_day, previous, quarter_of
from lms.common.states import Refused
from lms.demo import cast
from lms.demo.courses import load_courses, load_topics
from lms.demo.exams import make_blueprints, make_rubrics
from lms.demo.questions import load_questions
from lms.people.actions.employment import hire_employee
from lms.people.models import Dealer, DealerGroup, Employee, Position
from lms.people.reference import load_reference

QUARTERS_OF_HISTORY = 4


class NotEmpty(Refused):
    """The database holds people already."""


@dataclass
class World:
    """What the parts of the seed share. `at` is now; `people` maps numbers to employees, `traits` to how good they are."""

    at: datetime
    rng: random.Random
    director: User
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
        for _step in range(QUARTERS_OF_HISTORY):
            found.insert(0, previous(*found[0]))
        return found

    def holder(self, dealer, position):
        """The first person in a position at a dealer; for outside people the dealer does not count."""
        people = self.people.values()
        return next(one for one in people if one.position.code == position and (one.position.is_outside or one.dealer_id == dealer.pk))


def build_world(*, seed, at):
    """Dealers, people with their sign-in, courses, questions, blueprints, OEM certificates: all that a first day needs."""
    if Employee.objects.exists():
        raise NotEmpty("This database holds people already. The demo is only built in an empty one.")
    load_reference()
    director = User.objects.create(username="director", is_superuser=True, is_staff=True, password=make_password(None))
    world = World(at=at, rng=random.Random(seed), director=director)
    with translation.override("zh-hans"):
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
    code, zh, en = cast.GROUP
    group = DealerGroup.objects.create(code=code, name_zh=zh, name_en=en)
    password = make_password(cast.PASSWORD)
    positions = {position.code: position for position in Position.objects.all()}
    for dealer_code, dealer_zh, dealer_en, city, people in cast.DEALERS:
        dealer = Dealer.objects.create(code=dealer_code, group=group, name_zh=dealer_zh, name_en=dealer_en, city=city)
        world.dealers.append(dealer)
        for person in people if dealer_code != cast.DEALERS[0][0] else [*people, *cast.OUTSIDE]:
            employee = hire_employee(
                dealer=dealer,
                position=positions[person.position],
                number=person.number,
                name=person.name,
                hired_on=person.hired_on,
                manager=world.people.get(person.manager),
                by=world.director,
                at=world.at,
            )
            world.people[person.number], world.traits[person.number] = employee, person
    User.objects.exclude(pk=world.director.pk).update(password=password)


def _record_oem_certificates(world):
    first = first_day(*world.quarters[0])
    for number, person in world.traits.items():
        if not person.oem_level:
            continue
        employee = world.people[number]
        kind = "服务顾问" if employee.position.track == "service" else "机电维修"
        for level in range(1, person.oem_level + 1):
            issued = first - timedelta(days=world.rng.randint(20, 400) + 500 * (person.oem_level - level))
            record_oem_certificate(
                employee=employee,
                name=f"厂家认证 {kind}",
                level=level,
                number=f"OEM-{number}-{level}",
                issued_on=issued,
                expires_on=issued + timedelta(days=3 * 365),
                by=world.holder(employee.dealer, "hr_officer").user,
                at=world.at,
            )
