"""Whose turn it is (T3): the people and their absences, and the rows of a plan given away by the rota."""

from collections import Counter, defaultdict
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Max

from courses.training.choices import SENIOR_LEVEL, SENIOR_YEARS
from courses.training.models import Programme, Session
from courses.training.rota import Presenter, Slot, assign, guest_days, is_away
from lms.common.quarters import bounds
from lms.people.models import Employee, Leave
from lms.people.queries import present_staff

Status = Session.Status
ALWAYS = (date.min, date.max)


def presenters_of(programme, first):
    """Who takes turns: the advisors; for technical training the senior technicians and the technical supervisor.

    Where nobody is senior yet, everyone of the track takes turns.
    """
    staff = list(present_staff(programme.dealer).filter(position__track=programme.kind).order_by("number"))
    if programme.kind == Programme.Kind.SERVICE:
        return [one for one in staff if not one.position.is_leading] or staff
    long_here = first - relativedelta(years=SENIOR_YEARS)
    return [one for one in staff if one.position.is_leading or one.technical_level >= SENIOR_LEVEL or one.hired_on <= long_here] or staff


def absences_of(people, first, last):
    absences = defaultdict(list)
    leaves = Leave.objects.filter(employee__in=[one.pk for one in people], starts_on__lte=last, ends_on__gte=first)
    for employee_id, starts_on, ends_on in leaves.values_list("employee_id", "starts_on", "ends_on"):
        absences[employee_id].append((starts_on, ends_on))
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


def give_away(plan, people, absences, last, at):
    """Guests and presenters of the rows (T3). What is given away already stays, up to the first row that wants someone."""
    open_rows = [row for row in plan.rows if row.on and not row.stays]
    live = [row for row in plan.rows if row.stays and row.session.status != Status.CANCELLED]
    if plan.programme.guest_every_month:
        days = guest_days([row.on for row in open_rows], [row.on for row in live if row.is_guest])
        for row in open_rows:
            row.is_guest = row.on in days
    by_pk = {one.pk: one for one in people}
    vacant = [row for row in live if not row.is_guest and row.session.presenter_id not in by_pk and _may_change(row.session, at)]
    wanting = sorted([row for row in open_rows if not row.is_guest] + vacant, key=lambda row: row.on)
    given_away = [row for row in live if not row.is_guest and row not in vacant]
    wanting = _from_first_gap(wanting, given_away, people, absences)
    for row in open_rows:
        row.presenter = None if row.is_guest or row in wanting else row.session.presenter
    taken = [
        row for row in plan.rows if row.presenter and row.on and row not in wanting and not row.is_guest and row in given_away + open_rows
    ]
    fixed = [Slot(row.on, row.presenter.pk) for row in taken] + _later_turns(plan)
    turns = [Presenter(one.pk, one.hired_on, one.number, last.get(one.pk)) for one in people]
    given = assign([*fixed, *(Slot(row.on) for row in wanting)], turns, absences)
    for row in wanting:
        row.presenter = by_pk.get(given[row.on])


def _from_first_gap(wanting, given_away, people, absences):
    """Of the rows whose presenter may change, those from the first on that has none who can: a new one, a departure, leave.

    All of them where someone has had no fair share, such as a colleague who came after the planning.
    """
    if not wanting:
        return []
    here = {one.pk for one in people}
    turns = Counter(row.session.presenter_id for row in [*wanting, *given_away] if row.session)
    always = [turns[one.pk] for one in people if not absences.get(one.pk) and one.hired_on <= wanting[0].on]
    if always and max(always) - min(always) > 1:
        return wanting
    for place, row in enumerate(wanting):
        presenter = row.session.presenter_id if row.session else None
        if presenter not in here or is_away(absences, presenter, row.on):
            return wanting[place:]
    return []


def _later_turns(plan):
    """Turns that are given away in quarters after this one count too, so that the order of planning does not matter."""
    _first, last = bounds(plan.year, plan.quarter)
    planned = {row.session.pk for row in plan.rows if row.session}
    programme = plan.programme
    later = Session.objects.filter(dealer=programme.dealer_id, programme__kind=programme.kind, on__gt=last, presenter__isnull=False)
    rows = later.exclude(status=Status.CANCELLED).exclude(pk__in=planned).values_list("on", "presenter_id")
    return [Slot(on, presenter) for on, presenter in rows]


def _may_change(session, at):
    return session.status == Status.PLANNED and session.starts_at > at
