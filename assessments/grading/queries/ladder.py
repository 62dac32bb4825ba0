"""Where a person stands on the ladder, and what the next step asks of them."""

from assessments.grading.eligibility import TOP
from assessments.grading.models import Candidacy, LevelDecision


def ladder_of(employee):
    """For the ladder component and *My growth*.

    {"track", "level", "next_level" (None at the top or in a post without a track), "names", "decisions" [LevelDecision, oldest
    first, with certificate], "candidacy" (the newest one, with cycle, or None)}.
    """
    track = employee.position.track
    level = employee.level_in(track) if track else employee.level
    return {
        "track": track,
        "level": level,
        "next_level": level + 1 if track and level < TOP else None,
        "names": [],
        "decisions": list(
            LevelDecision.objects.filter(employee=employee).select_related("certificate", "cycle").order_by("decided_at", "pk")
        ),
        "candidacy": newest_candidacy(employee, track) if track else None,
    }


def newest_decisions(people, track):
    """{employee id: id of the decision that the person's level on the track rests on}, of those who have any."""
    return dict(LevelDecision.objects.filter(employee__in=people, track=track).order_by("number").values_list("employee", "pk"))


def newest_candidacy(employee, track):
    """The latest cycle the person is in; without results, which come by `candidacies_visible_to`. Asked for once a request."""
    known = employee.__dict__.setdefault("_newest_candidacies", {})
    if track not in known:
        found = Candidacy.objects.filter(employee=employee, cycle__track=track).select_related("cycle__dealer")
        known[track] = found.defer("outcome").order_by("-cycle__year", "-cycle__quarter", "-pk").first()
    return known[track]
