from datetime import date
from itertools import chain

from django.db.models import F

from lms.common.integrity import alike, alike_in, invariant
from lms.common.zones import zone_names
from lms.people.choices import Role
from lms.people.models import Brand, Dealer, DealerGroup, Department, Employee, Position
from lms.people.queries import lines_of_people
from lms.people.standing import LEFT, PLACE, standing_on


@invariant("Nobody is, over any number of steps, their own manager")
def managers_form_no_loop():
    managers = dict(Employee.objects.exclude(manager=None).values_list("pk", "manager_id"))
    return Employee.objects.filter(pk__in=in_loops(managers))


def in_loops(managers):
    """Who stands in a loop, given {person: manager}."""
    safe, found = set(), set()
    for start in managers:
        path, person = [], start
        while person in managers and person not in safe and person not in path:
            path.append(person)
            person = managers[person]
        if person in path:
            found.update(path[path.index(person) :])
        safe.update(path)
    return found


@invariant("Whoever has left can no longer sign in")
def leavers_are_locked_out():
    return Employee.objects.filter(status=Employee.Status.LEFT, user__is_active=True)


@invariant("Employee and dealer belong to the same group")
def employees_are_in_their_dealers_group():
    return Employee.objects.exclude(group=F("dealer__group"))


@invariant("A dealer's time zone is one that there is")
def dealers_have_a_time_zone():
    return Dealer.objects.exclude(time_zone__in=zone_names())


@invariant("A position's role is one that there is")
def positions_have_a_role():
    return Position.objects.exclude(role__in=Role.values)


@invariant("A person's record is what their history says of today")
def records_follow_history():
    """The latest line of all counts: of whoever is yet to begin it lies ahead, and a day begins earlier elsewhere."""
    wrong, people = [], Employee.objects.values_list("pk", "dealer", "position", "manager", "status", "kind")
    lines = lines_of_people(Employee.objects.values("pk"))
    for pk, *place, status, kind in people.iterator():
        said = standing_on(lines[pk], date.max) if pk in lines else None
        if said and not (list(said[: len(PLACE)]) == place and _says_who(said, status, kind)):
            wrong.append(pk)
    return Employee.objects.filter(pk__in=wrong)


def _says_who(said, status, kind):
    """Whether a standing says the same of status and kind as the record, or nothing."""
    return said.is_here != (status == LEFT) and said.status in ("", status) and said.person_kind in ("", kind)


@invariant("A line manager has an employee number")
def managers_have_a_number():
    return Employee.objects.filter(manager__number="")


@invariant("No two people of a group have employee numbers that read alike")
def numbers_differ():
    people = Employee.objects.exclude(number="").values_list("group", "pk", "name", "number").order_by("pk")
    return alike((group, f"people.employee {pk} ({name})", number) for group, pk, name, number in people.iterator())


@invariant("No two codes of dealers, groups, brands, departments or positions read alike")
def codes_differ():
    return chain.from_iterable(alike_in(model, "code") for model in (DealerGroup, Dealer, Brand, Department, Position))
