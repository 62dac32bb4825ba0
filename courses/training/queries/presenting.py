"""Whether whoever is to present a session still can, and who could in their place (T3, §1)."""

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from courses.training.models import Programme, Session
from courses.training.queries.sessions import staff_of
from courses.training.queries.turns import last_presented, presenters_of
from courses.training.rota import Presenter, is_away, queue_of
from lms.audiences.queries import meant_by, rules_of
from lms.people.ahead import going_on
from lms.people.models import ComingChange, Employee, EmploymentEvent, Leave
from lms.people.queries import people_on_leave

COMING = (Session.Status.PLANNED, Session.Status.CONFIRMED)
MOVES = (EmploymentEvent.Kind.TRANSFERRED, EmploymentEvent.Kind.PROMOTED)
BATCH = 50  # sessions asked about in one statement: it names the audience of each of their programmes


class Unfit(TextChoices):
    """Why someone cannot present on the day; the label goes on from their name."""

    LEFT = "left", _("has left")
    ELSEWHERE = "elsewhere", _("is no longer in this programme")
    LEAVE = "leave", _("is on leave that day")
    GOING = "going", _("leaves or moves before that day")


def unfit_presenters(sessions, leaves):
    """{session id: `Unfit`} of those whose presenter cannot present; `leaves` are those of `leaves_of`. Two statements, and a few more
    for each programme of which a presenter has moved since they came, or that asks for a level: they may be in it all the same."""
    sessions = [session for session in sessions if session.presenter_id]
    presenters = {session.presenter_id for session in sessions}
    looked_at = _to_look_at(sessions, presenters) if sessions else []
    staff, going = _staff_of(looked_at), going_on(presenters) if sessions else {}
    return {session.pk: why for session in sessions if (why := _why_unfit(session.presenter, session, staff, leaves, going))}


def _to_look_at(sessions, presenters):
    """Those whose presenter has moved, or whose programme asks for a level. One statement."""
    moves = EmploymentEvent.objects.filter(employee__in=presenters, kind__in=MOVES).order_by()
    levels = asking_for_a_level().filter(pk__in={session.programme_id for session in sessions}).order_by()
    moved = moves.annotate(what=Value("moved")).values_list("what", "employee")
    found = set(moved.union(levels.annotate(what=Value("level")).values_list("what", "pk")))
    return [one for one in sessions if ("moved", one.presenter_id) in found or ("level", one.programme_id) in found]


def asking_for_a_level():
    """Programmes for people of some levels: whose level has changed may be in one no longer."""
    return Programme.objects.filter(audience__conditions__name="level")


def why_not_presents(person, session):
    """Why `person` cannot present the session; empty when they can."""
    staff = {session.programme_id: {one.pk for one in staff_of(session.programme, session.on)}}
    away = {person.pk: [(session.on, session.on)]} if people_on_leave([person.pk], session.on) else {}
    return _why_unfit(person, session, staff, away, going_on([person.pk]))


def _why_unfit(person, session, staff, leaves, going):
    if not person.is_here:
        return Unfit.LEFT
    if person.dealer_id != session.dealer_id or person.pk not in staff.get(session.programme_id, {person.pk}):
        return Unfit.ELSEWHERE
    if person.status == Employee.Status.ON_LEAVE or is_away(leaves, person.pk, session.on):
        return Unfit.LEAVE
    return Unfit.GOING if person.pk in going and going[person.pk] <= session.on else ""


def _staff_of(sessions):
    """{programme id: ids of those presenters whom it is for}, on the last of its days: whoever comes until then is among them."""
    last = {}
    for session in sessions:
        _programme, on = last.get(session.programme_id, (None, session.on))
        last[session.programme_id] = (session.programme, max(on, session.on))
    if not last:
        return {}
    rules = rules_of([programme.audience for programme, _on in last.values()])
    otherwise = {"default": False, "output_field": BooleanField()}
    meant = {
        f"in_{pk}": Case(When(meant_by(rules[programme.audience_id], on) & Q(dealer=programme.dealer_id), then=True), **otherwise)
        for pk, (programme, on) in last.items()
    }
    people = Employee.objects.filter(pk__in={session.presenter_id for session in sessions}).annotate(**meant).values("pk", *meant)
    rows = list(people.filter(position__is_outside=False))
    return {pk: {row["pk"] for row in rows if row[f"in_{pk}"]} for pk in last}


def leaves_of(sessions):
    """{presenter: [(first, last)]} of the leave that presenters of these sessions have from the first of them on."""
    presenters = {session.presenter_id for session in sessions if session.presenter_id}
    found = {}
    if presenters:
        rows = Leave.objects.filter(employee__in=presenters, ends_on__gte=min(session.on for session in sessions))
        for person, starts_on, ends_on in rows.values_list("employee_id", "starts_on", "ends_on"):
            found.setdefault(person, []).append((starts_on, ends_on))
    return found


def stand_ins_for(session):
    """Who could present in the presenter's place: whose turn is longest ago first (T3), nobody who is away that day."""
    people = {one.pk: one for one in presenters_of(session.programme, session.on, session.on) if one.pk != session.presenter_id}
    away = {pk for pk, day in going_on(people).items() if day <= session.on} | people_on_leave(people, session.on)
    away |= {one.pk for one in people.values() if one.status == Employee.Status.ON_LEAVE}
    had = last_presented(session.programme, session.on, [session])
    queue = queue_of(Presenter(one.pk, one.hired_on, one.number, had.get(one.pk)) for one in people.values() if one.pk not in away)
    return [people[one.pk] for one in queue]


def left_without_presenter(dealer_id, today):
    """The dealer's sessions to come whose presenter cannot present: [(session, `Unfit`)]. One statement where there are none.

    Whoever has moved since, or presents where a level is asked for, is looked at closer: they may be in the programme all the same.
    """
    leave = Leave.objects.filter(employee=OuterRef("presenter"), starts_on__lte=OuterRef("on"), ends_on__gte=OuterRef("on"))
    moved = EmploymentEvent.objects.filter(employee=OuterRef("presenter"), kind__in=MOVES)
    going = ComingChange.objects.filter(employee=OuterRef("presenter"), status=ComingChange.Status.COMING, on__lte=OuterRef("on"))
    perhaps = Q(presenter__status__in=[Employee.Status.LEFT, Employee.Status.ON_LEAVE]) | ~Q(presenter__dealer=F("dealer"))
    found = Session.objects.filter(dealer=dealer_id, on__gte=today, status__in=COMING, presenter__isnull=False)
    found = list(
        found.filter(perhaps | Exists(leave) | Exists(moved) | Exists(going) | Q(programme__in=asking_for_a_level()))
        .select_related("programme__audience", "programme__organiser", "presenter__position")
        .order_by("starts_at")
    )
    unfit = unfit_presenters(found, leaves_of(found))
    return [(session, unfit[session.pk]) for session in found if session.pk in unfit]


def confirmed_by_the_gone(today):
    """Confirmed sessions to come, of every dealer, whose presenter has left or is no longer in the programme."""
    moved = EmploymentEvent.objects.filter(employee=OuterRef("presenter"), kind__in=MOVES)
    perhaps = Q(presenter__status=Employee.Status.LEFT) | ~Q(presenter__dealer=F("dealer")) | Exists(moved)
    perhaps |= Q(programme__in=asking_for_a_level())
    found = Session.objects.filter(perhaps, status=Session.Status.CONFIRMED, on__gte=today, presenter__isnull=False)
    found = list(found.select_related("programme__audience", "presenter__position").order_by("pk"))
    unfit = {}
    for start in range(0, len(found), BATCH):
        unfit |= unfit_presenters(found[start : start + BATCH], {})
    return [session for session in found if unfit.get(session.pk) in (Unfit.LEFT, Unfit.ELSEWHERE)]
