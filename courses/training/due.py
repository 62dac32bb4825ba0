"""What this room puts on the Today page."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.training.choices import MATERIAL_DUE_DAYS
from courses.training.kinds import organisers
from courses.training.models import Attendance, Programme, Session
from courses.training.permissions import may_open, may_organise
from courses.training.queries.attention import attention_of
from courses.training.queries.figures import still_owed, unscored_for
from courses.training.queries.plans import local_day
from courses.training.queries.presenting import left_without_presenter
from courses.training.queries.sessions import sessions_for
from lms.common.bilingual import listed
from lms.common.compiled import compiled
from lms.common.quarters import bounds, following, quarter_of
from lms.common.registries import due
from lms.people.models import Employee
from lms.people.queries import holidays_between

Status, State = Session.Status, Attendance.State
COMING = (Status.PLANNED, Status.CONFIRMED)
BACK, AHEAD = timedelta(days=14), timedelta(days=9)
# A quarter that is nearly over is not worth a plan any more, and the next one wants one some weeks before it begins.
WORTH_PLANNING, PLANNED_AHEAD = timedelta(days=14), timedelta(days=21)


@due
def due_for(employee, at):
    """What the person must do next: sessions of today, their turn to present, reflections, and what an organiser has to see to.

    Each session once, by what is most pressing about it. Two statements, and one more on a day with sessions; of whoever organises six
    more.
    """
    today = local_day(at, employee.dealer)
    sessions = _around(employee=employee.pk, dealer=employee.dealer_id, today=today, first=today - BACK, last=today + AHEAD)
    expected = _expected(employee, sessions, today)
    organises = employee.position.role in organisers()
    findings = _findings(employee, sessions, today) if organises else {}
    items = []
    for session in sessions:
        lines = (
            _to_organise(session, employee, at, today, findings.get(session.pk)),
            _to_present(session, employee, today),
            _to_attend(session, expected),
        )
        items += [line for line in lines if line][:1]
    return items + _reflections(employee, at) + (_of_programmes(employee, today) + _to_score(employee) if organises else [])


def _findings(employee, sessions, today):
    """{session id: findings}: what the training board says wants attention, of the sessions that this person organises."""
    mine = [session for session in sessions if session.programme.organiser_id == employee.pk]
    if not mine:
        return {}
    holidays = holidays_between(min(one.on for one in mine), max(one.on for one in mine))
    found = {}
    for finding in attention_of(mine, holidays, today):
        if "session" in finding:
            found.setdefault(finding["session"].pk, []).append(finding)
    return found


@compiled
def _around(*, employee, dealer, today, first, last):
    """The dealer's sessions that are of today, this person's to present soon, or theirs to organise, however far ahead."""
    touching = Q(on=today) | Q(presenter=employee, on__lte=last) | Q(programme__organiser=employee)
    sessions = Session.objects.filter(touching, dealer=dealer, status__in=[*COMING, Status.HELD], on__gte=first)
    return sessions.select_related("programme", "presenter", "dealer").order_by("starts_at")


def _expected(employee, sessions, today):
    """The ids of those of today that are for this person, who is not marked in them yet."""
    of_today = [session.pk for session in sessions if session.on == today]
    if not of_today:
        return set()
    states = [State.PRESENT, State.LATE, State.LEFT_EARLY, State.EXCUSED]
    seen = Attendance.objects.filter(employee=employee, session=OuterRef("pk"), state__in=states)
    found = Session.objects.filter(sessions_for(employee, today), pk__in=of_today).exclude(Exists(seen), status=Status.HELD)
    return set(found.values_list("pk", flat=True))


def _item(session, title, text, action, now, at=None, url=""):
    url = url or reverse("session", args=[session.pk])
    return {"at": at or session.starts_at, "title": title, "text": text, "url": url, "action": action, "now": now}


def _name(session):
    return f"{session.programme.get_kind_display()} · {session.title}" if session.title else session.programme.get_kind_display()


def _where(session):
    begin = timezone.localtime(session.starts_at)
    return " · ".join(filter(None, [formats.time_format(begin, "TIME_FORMAT"), session.room]))


def _to_attend(session, expected):
    if session.pk not in expected:
        return None
    if session.status == Status.HELD:
        return _item(session, _name(session), _("Check-in is open: scan the code on the screen in the room."), _("Check in"), True)
    return _item(session, _name(session), _where(session), _("Look"), False)


def _to_present(session, employee, today):
    if session.presenter_id != employee.pk or session.material_at or session.status not in COMING:
        return None
    due_on = session.on - timedelta(days=MATERIAL_DUE_DAYS)
    text = _("You present on %(day)s. Topic and material are due on %(due)s.") % {
        "day": formats.date_format(session.on, "DATE_FORMAT"),
        "due": formats.date_format(due_on, "DATE_FORMAT"),
    }
    at = session.starts_at - timedelta(days=MATERIAL_DUE_DAYS)
    return _item(
        session, _("Your turn to present"), text, _("Hand in material"), due_on <= today, at, reverse("session_material", args=[session.pk])
    )


def _to_organise(session, employee, at, today, findings):
    if session.programme.organiser_id != employee.pk:
        return None
    words = {"session": _name(session), "day": formats.date_format(session.on, "DATE_FORMAT")}
    if session.status == Status.HELD:
        return _item(session, _("Close: %(session)s") % words, _("Call the roll for the rest, then close it."), _("Roll call"), True)
    if session.opens_at <= at and session.on >= today:
        return _item(session, _("Start: %(session)s") % words, words["day"] + " · " + _where(session), _("Open the room"), True)
    if findings:
        text = " ".join(finding["text"] for finding in findings)
        if any(finding.get("names") for finding in findings):
            return _to_hand_on(session, text)
        soon = session.on - timedelta(days=MATERIAL_DUE_DAYS) < today or session.on <= today + AHEAD
        return _item(session, _("Needs attention: %(session)s") % words, text, _("Sort it out"), soon)
    return None


@due
def to_hand_on(employee, at):
    """Sessions to come whose presenter has gone or is away, and whose organiser has gone as well. One statement where there are none."""
    user = employee.user
    if user is None or not user.has_perm("training.organise_sessions"):
        return []
    found = left_without_presenter(employee.dealer_id, local_day(at, employee.dealer))
    found = [(session, why) for session, why in found if not session.programme.organiser.is_here]
    return [_to_hand_on(session, _why_handed_on(session, why)) for session, why in found if may_organise(user, session.programme)]


def _why_handed_on(session, why):
    words = {"day": formats.date_format(session.on, "DATE_FORMAT"), "name": session.presenter.name, "why": why.label}
    return _("%(day)s: %(name)s %(why)s.") % words


@due
def programmes_to_hand_on(employee, at):
    """Programmes whose organiser or watcher has left or works elsewhere: for whoever may open such ones. One statement."""
    user = employee.user
    if user is None or not user.has_perm("training.open_programmes"):
        return []
    gone = Q()
    for part in ("organiser", "watcher"):
        has_gone = Q(**{f"{part}__status": Employee.Status.LEFT}) | ~Q(**{f"{part}__dealer": F("dealer")})
        gone |= Q(**{f"{part}__isnull": False}) & has_gone
    found = Programme.objects.filter(gone, dealer=employee.dealer_id, status=Programme.Status.OPEN).select_related("organiser", "watcher")
    return [_programme_to_hand_on(one) for one in found if may_open(user, one.dealer_id, one.kind)]


def _programme_to_hand_on(programme):
    people = [one for one in (programme.organiser, programme.watcher) if one]
    gone = [one.name for one in people if not one.is_here or one.dealer_id != programme.dealer_id]
    return {
        "at": None,
        "title": _("Hand on: %(programme)s") % {"programme": programme},
        "text": _("%(names)s has left or works elsewhere. Say who runs it now.") % {"names": listed(gone)},
        "url": reverse("programme_hands", args=[programme.pk]),
        "action": _("Hand on"),
        "now": True,
    }


def _to_hand_on(session, text):
    url = f"{reverse('session', args=[session.pk])}?presenter=1"
    return _item(session, _("Name another presenter: %(session)s") % {"session": _name(session)}, text, _("Name"), True, url=url)


def _of_programmes(employee, today):
    """Quarters without a plan: the present one while there is time to hold a session in it, the next in its last weeks. One statement."""
    here = quarter_of(today)
    wanted = [here] if bounds(*here)[1] - today >= WORTH_PLANNING else []
    wanted += [following(*here)] if bounds(*here)[1] - today <= PLANNED_AHEAD else []
    planned = {
        f"planned_{place}": Exists(Session.objects.filter(programme=OuterRef("pk"), on__range=bounds(*quarter)).exclude(status="cancelled"))
        for place, quarter in enumerate(wanted)
    }
    mine = Programme.objects.filter(organiser=employee, status=Programme.Status.OPEN).annotate(**planned)
    return [
        _to_plan(programme, *quarter)
        for programme in mine.order_by("kind")
        for place, quarter in enumerate(wanted)
        if not getattr(programme, f"planned_{place}")
    ]


def _to_plan(programme, year, quarter):
    words = {"programme": programme.get_kind_display(), "year": year, "quarter": quarter}
    return {
        "at": None,
        "title": _("Plan: %(programme)s") % words,
        "text": _("%(year)s, quarter %(quarter)s has no session yet.") % words,
        "url": f"{reverse('plan_quarter')}?programme={programme.pk}&quarter={year}-{quarter}",
        "action": _("Plan the quarter"),
        "now": False,
    }


def _to_score(employee):
    """Reflections that were handed in and that nobody has read: one line for all of them. One statement."""
    count = unscored_for(employee).count()
    if not count:
        return []
    words = ngettext("%(count)d reflection waits to be read and scored.", "%(count)d reflections wait to be read and scored.", count)
    url = f"{reverse('reflections')}?state=unscored"
    return [
        {"at": None, "title": _("Score reflections"), "text": words % {"count": count}, "url": url, "action": _("Read them"), "now": False}
    ]


def _reflections(employee, at):
    return [
        {
            "at": reflection.due_at,
            "title": _("Write your reflection"),
            "text": reflection.session.title
            or _("Guest lecture on %(day)s") % {"day": formats.date_format(reflection.session.on, "DATE_FORMAT")},
            "url": reverse("reflection", args=[reflection.pk]),
            "action": _("Write"),
            "now": reflection.due_at <= at,
        }
        for reflection in _owed(employee=employee.pk)
    ]


@compiled
def _owed(*, employee):
    return still_owed().filter(employee=employee).select_related("session__programme").order_by("due_at")[:5]
