"""Who has left or moved in the middle of a cycle, and what becomes of it (§1)."""

from django.db.models import F, Q
from django.utils import formats
from django.utils.translation import gettext as _

from assessments.grading.models import Cycle, PanelMember
from assessments.grading.queries.records import admitted
from lms.people.models import ComingChange, Employee, EmploymentEvent

Status = Cycle.Status
FIXED = [Status.LOCKED, Status.SITTING, Status.MARKING, Status.RATIFIED]
MOVES = [EmploymentEvent.Kind.TRANSFERRED, EmploymentEvent.Kind.PROMOTED]


def candidates_in_motion(cycle):
    """A sentence for each of those admitted who has left, moved, or is to leave: what becomes of the candidacy, and who gives what.

    Only between the lock and the publication; before, eligibility is computed again. Three statements at most.
    """
    if cycle.status not in FIXED:
        return []
    moved = ~Q(employee__dealer=F("cycle__dealer")) | ~Q(employee__position__track=F("cycle__track"))
    gone = Q(employee__status=Employee.Status.LEFT)
    found = list(
        admitted(cycle)
        .filter(moved | gone)
        .select_related("employee__dealer", "employee__position", "cycle__dealer")
        .order_by("employee__number")
    )
    return [_sentence(candidacy, since) for candidacy, since in _with_day(found)] + [_going(change) for change in _to_leave(cycle)]


def _with_day(candidacies):
    """Each with the day of the person's latest move."""
    lines = EmploymentEvent.objects.filter(employee__in=[one.employee_id for one in candidacies], kind__in=MOVES) if candidacies else []
    latest = {}
    for line in sorted(lines, key=lambda line: (line.on, line.pk)):
        latest[line.employee_id] = line.on
    return [(one, latest.get(one.employee_id)) for one in candidacies]


def _sentence(candidacy, since):
    person, cycle = candidacy.employee, candidacy.cycle
    words = {"name": person.name, "here": cycle.dealer.name, "there": person.dealer.name, "post": person.position.name}
    if not person.is_here:
        words["day"] = formats.date_format(person.left_on, "DATE_FORMAT")
        return _("%(name)s left on %(day)s: publication withdraws the candidacy; no level, certificate or pay follows.") % words
    words["day"] = formats.date_format(since, "DATE_FORMAT") if since else "–"
    if person.position.track != cycle.track:
        return (
            _("%(name)s moved on %(day)s to %(post)s, %(there)s: keeps the candidacy; %(here)s gives the certificate; no pay is proposed.")
            % words
        )
    return (
        _("%(name)s moved on %(day)s to %(there)s: keeps the candidacy; %(here)s gives the certificate, %(there)s proposes the pay.")
        % words
    )


def _to_leave(cycle):
    people = admitted(cycle).exclude(employee__status=Employee.Status.LEFT).values("employee")
    coming = ComingChange.objects.filter(employee__in=people, kind="departure", status=ComingChange.Status.COMING)
    return coming.select_related("employee").order_by("on")


def _going(change):
    words = {"name": change.employee.name, "day": formats.date_format(change.on, "DATE_FORMAT")}
    return _("%(name)s leaves on %(day)s: published after that day, the candidacy is withdrawn.") % words


def seats_left():
    """Unsigned seats whose examiner has left or works elsewhere, and that nobody is proposed for."""
    elsewhere = Q(examiner__position__is_outside=False) & ~Q(examiner__dealer=F("cycle__dealer"))
    left = PanelMember.objects.filter(Q(examiner__status=Employee.Status.LEFT) | elsewhere, signed_at=None)
    proposed = Q(cycle__seat_changes__seat=F("seat"), cycle__seat_changes__confirmed_at=None, cycle__seat_changes__withdrawn_at=None)
    return left.exclude(pk__in=PanelMember.objects.filter(proposed).values("pk"))
