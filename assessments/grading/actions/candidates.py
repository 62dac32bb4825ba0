"""Who may sit (G4)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.grading.actions.cycles import add_candidates
from assessments.grading.actions.guarding import check_hands, check_state
from assessments.grading.eligibility import TOP, Facts, Rules, findings_of, is_eligible
from assessments.grading.models import Candidacy, Cycle
from courses.training.queries import attendance_in, reflections_owed
from lms.audit.actions import record_event
from lms.common.quarters import bounds
from lms.common.states import Refused
from lms.people.models import Employee
from lms.people.queries import people_on_leave


@transaction.atomic
def compute_eligibility(*, cycle, by, at):
    """Find out for every candidate what is met and what is open, and take in people who joined. Repeatable while the cycle is open.

    A dozen statements for any number of candidates. Returns (how many are eligible, how many there are).
    """
    check_hands(cycle, by)
    check_state(cycle, Cycle.Status.OPEN)
    add_candidates(cycle, by=by, at=at)
    candidacies = list(cycle.candidacies.select_related("employee__position"))
    facts = facts_of(cycle, candidacies, at)
    rules = Rules(cycle.min_attendance, cycle.needs_reflections, cycle.needs_courses)
    for candidacy in candidacies:
        level = candidacy.employee.level_in(cycle.track)
        if level < TOP:
            candidacy.from_level, candidacy.to_level = level, level + 1
        candidacy.findings = findings_of(facts[candidacy.employee_id], rules)
        candidacy.is_eligible = is_eligible(candidacy.findings)
        candidacy.computed_at = at
    Candidacy.objects.bulk_update(candidacies, ["from_level", "to_level", "findings", "is_eligible", "computed_at"], batch_size=200)
    eligible = sum(c.is_eligible for c in candidacies)
    record_event("cycle.eligibility_computed", target=cycle, by=by, at=at, after={"eligible": eligible, "candidates": len(candidacies)})
    return eligible, len(candidacies)


def facts_of(cycle, candidacies, at):
    """{employee id: Facts} of the cycle's quarter, gathered from the rooms that know."""
    ids = [c.employee_id for c in candidacies]
    first, last = bounds(cycle.year, cycle.quarter)
    attendance = attendance_in(ids, first, last)
    owed = reflections_owed(ids, first, last, at)
    missing = _courses_missing(cycle, candidacies)
    away = people_on_leave(ids, timezone.localtime(at).date())
    return {
        c.employee_id: Facts(
            level=c.employee.level_in(cycle.track),
            in_track=_in_track(c.employee, cycle),
            on_leave=c.employee.status == Employee.Status.ON_LEAVE or c.employee_id in away,
            attended=attendance.get(c.employee_id, (0, 0))[0],
            expected=attendance.get(c.employee_id, (0, 0))[1],
            reflections_owed=owed.get(c.employee_id, 0),
            courses_missing=[page.pk for page in missing.get(c.employee_id, [])],
        )
        for c in candidacies
    }


def _in_track(employee, cycle):
    return employee.is_here and employee.dealer_id == cycle.dealer_id and employee.position.track == cycle.track


def _courses_missing(cycle, candidacies):
    """{employee id: courses required for the level aimed at and not completed}; one question a level."""
    from courses.learning.queries import required_courses_missing

    aims = {}
    for candidacy in candidacies:
        aims.setdefault(min(TOP, candidacy.employee.level_in(cycle.track) + 1), []).append(candidacy.employee_id)
    found = {}
    for level, ids in aims.items():
        found |= required_courses_missing(ids, track=cycle.track, level=level)
    return found


@transaction.atomic
def waive(*, candidacy, reason, by, at):
    """Let someone sit although something is open, with a reason that stays on record (G4). A level is never waived (G2)."""
    check_hands(candidacy.cycle, by)
    reason = reason.strip()
    if not reason:
        raise Refused(_("A waiver needs a reason; it stays on record and the panel sees it."), field="reason")
    check_state(candidacy.cycle, Cycle.Status.OPEN)
    candidacy = Candidacy.objects.select_for_update().get(pk=candidacy.pk)
    if candidacy.is_eligible:
        raise Refused(_("Nothing needs to be waived: this person may sit already."))
    if candidacy.waived_at:
        raise Refused(_("This was waived already; nothing was changed."))
    if any(not finding["met"] and finding["rule"] in {"level", "post"} for finding in candidacy.findings):
        raise Refused(_("Level and position are not waived: only staff of the track sit, one level at a time, up to level 3."))
    Candidacy.objects.filter(pk=candidacy.pk).update(waived_at=at, waived_by=by, waived_reason=reason[:200])
    record_event("candidacy.waived", target=candidacy, by=by, at=at, after={"reason": reason, "findings": candidacy.findings})
    candidacy.refresh_from_db()
    return candidacy
