"""Who mentors interns at a dealer, as plain data: the one place where the floor learns of mentors."""

from collections import defaultdict
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from lms.people.ahead import going_on
from lms.people.choices import Track
from lms.people.models import Employee, Leave
from talent_pool.interns.floor import Limits, Mentor
from talent_pool.interns.models import STANDING, Rotation
from talent_pool.onboarding.models import Mentor as Named
from talent_pool.onboarding.queries.mentors import mentors_at

ONE_DAY, LAST_OF_ALL = timedelta(days=1), date(9998, 12, 31)
AWAY = Limits().mentor_away_days


def mentors_on_floor(dealer, first, last, certificates):
    """[(`Mentor`, its employee)] of everyone named as mentor who works here, by number. `certificates`: {employee id: {name: last day}}.

    Newcomers who are no interns take their time as well; interns are counted by their rotations. Three statements.
    """
    theirs = Q(employee__task_books_to_sign__closed_at=None) & ~Q(employee__task_books_to_sign__newcomer__kind=Employee.Kind.INTERN)
    named = list(mentors_at(dealer).annotate(busy=Count("employee__task_books_to_sign", filter=theirs)))
    people = [one.employee_id for one in named]
    away, going = _away(people, first, last), going_on(people)
    return [
        (_mentor(one, certificates.get(one.employee_id, {}), away[one.employee_id], going.get(one.employee_id)), one.employee)
        for one in sorted(named, key=lambda one: (one.employee.number, one.pk))
    ]


def _mentor(named, certificates, away, goes_on):
    person = named.employee
    if person.status == Employee.Status.ON_LEAVE:
        away = [*away, (person.hired_on, LAST_OF_ALL)]
    return Mentor(
        person.pk, person.name, levels={track.value: person.level_in(track) for track in Track}, certificates=certificates,
        track=person.position.track, most=named.most_at_once, away=tuple(away), until=goes_on and goes_on - ONE_DAY, busy=named.busy,
    )  # fmt: skip


def _away(people, first, last):
    found = defaultdict(list)
    rows = Leave.objects.filter(employee__in=people, starts_on__lte=last, ends_on__gte=first)
    for person, *span in rows.values_list("employee", "starts_on", "ends_on"):
        found[person].append(tuple(span))
    return found


def without_mentor(scope, first, last):
    """Rotations with a day between the two whose mentor is none, has left or moved, is named no more, lacks the level, or is on leave for
    longer than a short absence. One statement."""
    here = Rotation.objects.filter(scope, placement__stage__in=STANDING, starts_on__lte=last, ends_on__gte=first)
    named = Named.objects.filter(employee=OuterRef("mentor"), dealer=OuterRef("station__dealer"), ended_at=None)
    leave = Leave.objects.filter(employee=OuterRef("mentor"), starts_on__lte=OuterRef("ends_on"), ends_on__gte=OuterRef("starts_on"))
    long = leave.filter(starts_on__lte=last, ends_on__gte=first, ends_on__gt=F("starts_on") + timedelta(days=AWAY - 1))
    gone = Q(mentor=None) | Q(mentor__status=Employee.Status.LEFT) | ~Q(mentor__dealer=F("station__dealer"))
    lacks = Q(station__position__track="service", mentor__service_level__lt=F("station__mentor_level"))
    lacks |= Q(station__position__track="technical", mentor__technical_level__lt=F("station__mentor_level"))
    return here.filter(gone | lacks | ~Exists(named) | Exists(long)).order_by("starts_on", "pk")
