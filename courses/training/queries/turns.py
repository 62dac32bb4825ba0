"""Who takes turns (T3), when they are away, and which turns they had or have been given."""

from collections import defaultdict
from datetime import date

from django.db.models import Max

from courses.training.models import Session
from courses.training.queries.sessions import staff_of
from courses.training.rota import Slot
from lms.people.ahead import going_on
from lms.people.models import Employee, Leave

Status = Session.Status
ALWAYS = (date.min, date.max)


def presenters_of(programme, first, last):
    """Who takes turns: those of the audience whom the kind of training makes presenters. Whoever comes during the quarter is among them."""
    return programme.rules.presenters(list(staff_of(programme, last)), first)


def absences_of(people, first, last):
    absences = defaultdict(list)
    leaves = Leave.objects.filter(employee__in=[one.pk for one in people], starts_on__lte=last, ends_on__gte=first)
    for employee_id, starts_on, ends_on in leaves.values_list("employee_id", "starts_on", "ends_on"):
        absences[employee_id].append((starts_on, ends_on))
    for person, day in going_on([one.pk for one in people]).items():
        absences[person].append((day, date.max))
    for one in people:
        if one.status == Employee.Status.ON_LEAVE:
            absences[one.pk].append(ALWAYS)
    return absences


def last_presented(programme, before, planned_here):
    held = Session.objects.filter(
        programme__dealer=programme.dealer_id, programme__kind=programme.kind, presenter__isnull=False, on__lt=before
    )
    held = held.exclude(pk__in=[session.pk for session in planned_here])
    return dict(held.exclude(status=Status.CANCELLED).values_list("presenter").annotate(Max("on")).order_by())


def later_turns(programme, last, planned_here):
    """Turns that are given away in quarters after this one count too, so that the order of planning does not matter."""
    later = Session.objects.filter(dealer=programme.dealer_id, programme__kind=programme.kind, on__gt=last, presenter__isnull=False)
    rows = later.exclude(status=Status.CANCELLED).exclude(pk__in=[session.pk for session in planned_here]).values_list("on", "presenter_id")
    return [Slot(on, presenter) for on, presenter in rows]
