"""Where a person stands on the ladder, and what the next step asks of them."""

from assessments.grading.eligibility import TOP, words_of
from assessments.grading.models import Candidacy, Cycle, LevelDecision
from lms.common.compiled import compiled


def step_shown(employee):
    """`step_of` with the checklist of the cycle under way and the moment at which it was so."""
    track = employee.position.track
    candidacy = newest_candidacy(employee, track) if track else None
    checks = own_checks(candidacy, employee)
    return step_of(employee) | {"checks": checks, "as_of": candidacy.computed_at if checks else None}


def step_of(employee):
    """{"level", "next_level"}: the level that counts, and the one open to them; None at the top or in a post without a track."""
    level = employee.level
    return {"level": level, "next_level": level + 1 if employee.position.track and level < TOP else None}


def decisions_about(employee):
    """Every level decision about the person, oldest first."""
    return LevelDecision.objects.filter(employee=employee).order_by("decided_at", "pk")


def is_overtaken(candidacy, employee):
    """Whether the level has changed since an open cycle looked: what it asks is of a step that is behind, until HR computes again."""
    return candidacy.cycle.status == Cycle.Status.OPEN and candidacy.from_level != employee.level_in(candidacy.cycle.track)


def own_checks(candidacy, employee):
    """The candidate's own checklist in words, as long as something can still be done about it: until the cycle is locked."""
    if candidacy is None or candidacy.cycle.status != Cycle.Status.OPEN or not candidacy.computed_at or is_overtaken(candidacy, employee):
        return []
    return [{"ok": finding["met"], "text": words_of(finding)} for finding in candidacy.findings]


def newest_decisions(people, track):
    """{employee id: id of the decision that the person's level on the track rests on}, of those who have any."""
    return dict(LevelDecision.objects.filter(employee__in=people, track=track).order_by("number").values_list("employee", "pk"))


def decisions_held_by(employee, track):
    """The ids of the decisions that the person's level on the track rests on now."""
    return rests_on(LevelDecision.objects.filter(employee=employee, track=track).select_related("corrects"))


def rests_on(decisions):
    """The ids of those among one person's `decisions` of a track that the level rests on, and that may be taken back: the newest one, and
    whatever stood before it where it renewed the level or took another back. What came in between is undone, so nothing followed them."""
    numbered = {decision.number: decision for decision in decisions}
    number, found = max(numbered, default=0), []
    while decision := numbered.get(number):
        found.append(decision.pk)
        if decision.corrects is None and decision.kind != LevelDecision.Kind.RENEWAL:
            break
        number = (decision.corrects or decision).number - 1
    return found


def newest_candidacy(employee, track):
    """The latest cycle the person is in; without results, which come by `candidacies_visible_to`. Asked for once a request."""
    known = employee.__dict__.setdefault("_newest_candidacies", {})
    if track not in known:
        known[track] = next(iter(_newest(track, employee=employee.pk)), None)
    return known[track]


@compiled
def _newest(track, *, employee):
    found = Candidacy.objects.filter(employee=employee, cycle__track=track).select_related("cycle__dealer")
    return found.defer("outcome").order_by("-cycle__year", "-cycle__quarter", "-pk")[:1]
