from datetime import date
from itertools import count

from django.contrib.auth.models import Group

from lms.accounts.models import User
from lms.people.actions.rules import KINDS_OF_LEARNERS, kind_by_post
from lms.people.models import Dealer, DealerGroup, Employee, Position
from lms.people.reference import load_reference

PASSWORD = "Steady-hands-42"
_numbers = count(1)


def make_group(code="yt"):
    return DealerGroup.objects.get_or_create(code=code, defaults={"name_zh": "益通集团", "name_en": "Yitong Group"})[0]


def make_dealer(code="YT01", group=None, **values):
    group = group or make_group()
    return Dealer.objects.get_or_create(code=code, defaults={"group": group, "name_zh": "益通店", "name_en": "Yitong", **values})[0]


def make_position(code="advisor"):
    load_reference()
    return Position.objects.get(code=code)


def make_employee(position="advisor", *, dealer=None, name="", number="", manager=None, sign_in=True, **values):
    """An employee in the position (a code of `people.reference.POSITIONS`), who can sign in with `PASSWORD` and holds the position's role.

    Whoever is of another `kind` than staff has no number unless one is given, and signs in by a code.
    """
    serial = next(_numbers)
    dealer = dealer or make_dealer()
    position = make_position(position) if isinstance(position, str) else position
    values.setdefault("kind", kind_by_post(position) if position.role in KINDS_OF_LEARNERS else Employee.Kind.STAFF)
    number = number or ("" if values.get("kind", "staff") != "staff" else f"T{serial:05}")
    user = None
    if sign_in:
        user = User(username=number or f"S{serial:05}", email=values.get("email", ""))
        user.set_password(PASSWORD)
        user.save()
        user.groups.set(Group.objects.filter(name=position.role))
    return Employee.objects.create(
        group=dealer.group,
        dealer=dealer,
        position=position,
        manager=manager,
        number=number,
        name=name or f"员工{serial}",
        user=user,
        **{"hired_on": date(2024, 3, 1), **values},
    )
