"""Who may sit (G4)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.grading.actions.cycles import add_candidates
from assessments.grading.actions.guarding import check_hands, check_state
from assessments.grading.eligibility import FIXED, TOP, Facts, Rules, findings_of, is_eligible
from assessments.grading.models import Candidacy, Cycle, Finding, Waiver
from assessments.grading.queries.ladder import newest_decisions
from assessments.grading.queries.records import steps_of_the_quarter, under_way
from courses.learning.queries import required_courses
from courses.training.queries.figures import attendances_in, reflections_owed
from lms.audit.actions import event_of, record_event, record_events
from lms.common.quarters import bounds
from lms.common.states import Refused
from lms.people.models import Employee
from lms.people.queries import leaves_on

COMPUTED = [
    "from_level", "to_level", "findings", "is_eligible", "computed_at", "computations", "waived_at", "waived_by", "waived_reason",
]  # fmt: skip


@transaction.atomic
def compute_eligibility(*, cycle, by, at):
    """Find out for every candidate what is met and what is open, and take in people who joined. Repeatable while the cycle is open.

    What was found before stays on record beside it. A waiver stands as long as nothing is open but what it was given for.
    A score of statements for any number of candidates. Returns (how many are eligible, how many there are).
    """
    check_hands(cycle, by)
    check_state(cycle, Cycle.Status.OPEN)
    add_candidates(cycle, by=by, at=at)
    candidacies = list(cycle.candidacies.select_related("employee__position"))
    facts = facts_of(cycle, candidacies, at)
    rules = Rules(cycle.min_attendance, cycle.needs_reflections, cycle.needs_courses)
    rows = []
    for candidacy in candidacies:
        rows += _compute(candidacy, facts[candidacy.employee_id], rules, by, at)
    fallen = _let_waivers_fall(candidacies)
    Candidacy.objects.bulk_update(candidacies, COMPUTED, batch_size=200)
    Finding.objects.bulk_create(rows, batch_size=500)
    eligible = sum(c.is_eligible for c in candidacies)
    record_events([event_of("candidacy.waiver_fell", target=c, by=by, at=at, after={"findings": open_of(c)}) for c in fallen])
    record_event("cycle.eligibility_computed", target=cycle, by=by, at=at, after={"eligible": eligible, "candidates": len(candidacies)})
    return eligible, len(candidacies)


def _compute(candidacy, facts, rules, by, at):
    """Set the candidacy to what is found now; returns the rows that keep it."""
    if facts.level < TOP:
        candidacy.from_level, candidacy.to_level = facts.level, facts.level + 1
    findings = findings_of(facts, rules)
    candidacy.computations += 1
    candidacy.is_eligible, candidacy.computed_at = is_eligible(findings), at
    candidacy.findings = [{name: value for name, value in finding.items() if name != "records"} for finding in findings]
    return [Finding(candidacy=candidacy, number=candidacy.computations, **finding, found_at=at, found_by=by) for finding in findings]


def _let_waivers_fall(candidacies):
    """Who was let sit, and has something open now that was not waived, may not; they are returned."""
    in_force = _waivers_in_force([c.pk for c in candidacies if c.waived_at])
    fallen = [c for c in candidacies if c.waived_at and {finding["rule"] for finding in open_of(c)} - in_force.get(c.pk, set())]
    for candidacy in fallen:
        candidacy.waived_at, candidacy.waived_by, candidacy.waived_reason = None, None, ""
    return fallen


def _waivers_in_force(candidacies):
    """{candidacy id: the rules that are waived}: by what was waived last. A waiver that fell before covers nothing any more."""
    found = {}
    waivers = Waiver.objects.filter(finding__candidacy__in=candidacies) if candidacies else Waiver.objects.none()
    for candidacy, number, rule in waivers.values_list("finding__candidacy", "finding__number", "finding__rule"):
        found.setdefault(candidacy, {}).setdefault(number, set()).add(rule)
    return {candidacy: rules[max(rules)] for candidacy, rules in found.items()}


def open_of(candidacy):
    return [finding for finding in candidacy.findings if not finding["met"]]


def facts_of(cycle, candidacies, at):
    """{employee id: Facts} of the cycle's quarter, gathered from the rooms that know, with the ids of their records."""
    ids = [c.employee_id for c in candidacies]
    first, last = bounds(cycle.year, cycle.quarter)
    attendance = attendances_in(ids, first, last, track=cycle.track)
    owed = reflections_owed(ids, first, last, at)
    courses = _courses(cycle, candidacies)
    leaves = leaves_on(ids, timezone.localtime(at).date())
    newest = newest_decisions(ids, cycle.track)
    risen = _by_person(steps_of_the_quarter(cycle), ids)
    elsewhere = _by_person(under_way(cycle).exclude(cycle__dealer=cycle.dealer), ids)
    return {
        c.employee_id: Facts(
            level=c.employee.level_in(cycle.track),
            in_track=_in_track(c.employee, cycle, at),
            risen=len(risen.get(c.employee_id, [])),
            elsewhere=len(elsewhere.get(c.employee_id, [])),
            on_leave=c.employee.status == Employee.Status.ON_LEAVE or c.employee_id in leaves,
            attended=len(attendance[c.employee_id]["attended"]),
            expected=sum(map(len, attendance[c.employee_id].values())),
            not_noted=len(attendance[c.employee_id]["not_noted"]),
            reflections_owed=len(owed[c.employee_id]),
            courses_missing=courses[c.employee_id]["missing"],
            records={
                "post": {"position": c.employee.position_id, "dealer": c.employee.dealer_id, "status": c.employee.status},
                "leave": {"leaves": leaves.get(c.employee_id, []), "status": c.employee.status},
                "level": {
                    "decision": newest.get(c.employee_id),
                    "risen": risen.get(c.employee_id, []),
                    "elsewhere": elsewhere.get(c.employee_id, []),
                },
                "attendance": attendance[c.employee_id],
                "reflections": {"owed": owed[c.employee_id]},
                "courses": courses[c.employee_id],
            },
        )
        for c in candidacies
    }


def _by_person(rows, people):
    """{employee id: ids of the rows about them}"""
    found = {}
    for person, pk in rows.filter(employee__in=people).order_by("pk").values_list("employee", "pk"):
        found.setdefault(person, []).append(pk)
    return found


def _in_track(employee, cycle, at):
    begun = employee.is_here and employee.hired_on <= timezone.localdate(at)
    return begun and employee.dealer_id == cycle.dealer_id and employee.position.track == cycle.track


def _courses(cycle, candidacies):
    """{employee id: {"missing": courses required for the level aimed at and not completed, "completions": of the others}}, as ids."""
    aims = {}
    for candidacy in candidacies:
        aims.setdefault(min(TOP, candidacy.employee.level_in(cycle.track) + 1), []).append(candidacy.employee_id)
    found = {}
    for level, ids in aims.items():
        found |= required_courses(ids, track=cycle.track, level=level)
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
    if FIXED & {finding["rule"] for finding in open_of(candidacy)}:
        raise Refused(_("Level and position are not waived: only staff of the track sit, one level at a time, up to level 3."))
    waived = {"waived_at": at, "waived_by": by}
    found_open = candidacy.all_findings.filter(number=candidacy.computations, met=False)
    Waiver.objects.bulk_create([Waiver(finding=finding, reason=reason[:200], **waived) for finding in found_open])
    Candidacy.objects.filter(pk=candidacy.pk).update(**waived, waived_reason=reason[:200])
    record_event("candidacy.waived", target=candidacy, by=by, at=at, after={"reason": reason, "findings": candidacy.findings})
    candidacy.refresh_from_db()
    return candidacy
