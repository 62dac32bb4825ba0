"""What stands on a person's page about the person: where they work, with whom, since when, and how they sign in."""

from datetime import date

from django.utils import formats, timezone
from django.utils.text import capfirst

from lms.common.registries import GROWTH, NARROW, PERSON, WIDE, panel
from lms.people.ahead import changes_ahead
from lms.people.models import Employee, EmploymentEvent, Leave
from lms.people.permissions import is_self, may_manage_person, may_vouch, people_scope
from lms.people.queries import history_visible_to, leaves_visible_to, line_of, team_of
from lms.people.standing import standing_on

Kind = EmploymentEvent.Kind
TONES = {Kind.PROMOTED: "good", Kind.BECAME_STAFF: "good", Kind.LEFT: "bad"}
LOOKS_AFTER = ["people.manage_people", "pay.countersign_pay_changes"]


def everyone(user, person):
    """Whoever may open the page at all."""
    return True


@panel("lms/people/_at_work.html", order=10, sees=everyone, on={PERSON: NARROW})
def at_work(person, user, at):
    return {}


@panel("lms/people/_history.html", order=20, sees=everyone, on={PERSON: WIDE, GROWTH: NARROW})
def history(person, user, at):
    """With contract and probation as they stand now for HR and the person."""
    whole, events = knows_of_leave(user, person), list(history_visible_to(user, person))
    now = standing_on([line_of(event, person.hired_on) for event in events], date.max) if whole else None
    return {"lines": [line_shown(event, whole=whole) for event in events], "now": now}


def line_shown(event, *, whole):
    """A line of history as it is read: what it says, and to whom it concerns (`whole`) also dates of contract and every reason."""
    facts = []
    if event.says_dealer or event.says_position or event.kind == Kind.LEFT:
        facts.append(f"{event.position.name} · {event.dealer.name}")
    elif event.says_manager:
        facts.append(event.manager.name if event.manager else "–")
    if event.person_kind and (event.kind == Kind.BECAME_STAFF or event.person_kind != Employee.Kind.STAFF):
        facts.append(event.get_person_kind_display())
    if event.status and event.kind != Kind.LEFT:
        facts.append(event.get_status_display())
    if whole:
        facts += [f"{label} {formats.date_format(day, 'DATE_FORMAT')}" for label, day in _dates(event) if day]
        facts += [event.get_leaving_display()] if event.leaving else []
    return {"event": event, "tone": TONES.get(event.kind, "done"), "facts": facts, "reason": event.reason if whole else ""}


def _dates(event):
    names = ("probation_until", "contract_from", "contract_until")
    return [(capfirst(event._meta.get_field(name).verbose_name), getattr(event, name)) for name in names]


@panel("lms/people/_team.html", order=90, sees=everyone, on={PERSON: WIDE})
def team(person, user, at):
    """One's own whole; of others, those whom the reader sees anyway."""
    people = team_of(person) if is_self(user, person) else team_of(person).filter(people_scope(user))
    return {"people": found} if (found := list(people)) else None


def status_shown(person, *, whole):
    """The status in words; to whom it concerns (`whole`) with the kind of leave. `person` is one of `queries.with_leave`."""
    words = person.status_now.label
    kind = getattr(person, "leave_now", None)
    return f"{words} · {Leave.Kind(kind).label}" if whole and kind and person.is_here else words


def knows_of_leave(user, person):
    """Why someone is away is nobody else's business."""
    return is_self(user, person) or user.has_perm("people.manage_people")


@panel("lms/people/_leave.html", order=40, sees=knows_of_leave, on={PERSON: NARROW})
def leave(person, user, at):
    found = list(leaves_visible_to(user, person))
    return {"leaves": found, "today": timezone.localdate(at), "manages": may_manage_person(user, person)} if found else None


@panel("lms/people/_coming.html", order=5, sees=may_manage_person, on={PERSON: NARROW})
def coming(person, user, at):
    """What is entered for a day to come; whoever looks after the person may withdraw it. `person` is one of `queries.person_for_page`."""
    if not person.has_coming:
        return None
    return {"changes": changes_ahead(person)}


def looks_after(user, person):
    return person.is_here and any(map(user.has_perm, LOOKS_AFTER))


@panel("lms/people/_sign_in.html", order=80, sees=looks_after, on={PERSON: NARROW})
def sign_in(person, user, at):
    """`person` is one of `queries.person_for_page`."""
    return {
        "manages": may_manage_person(user, person),
        "signs": person.is_signer,
        "may_vouch": person.user is not None and may_vouch(user, person),
        "has_factor": person.has_factor and may_manage_person(user, person),
    }
