"""Everything that a publication will do, before it is done."""

from assessments.grading.models import Candidacy


def publication_preview(cycle):
    """{"promotions": candidacies one step up, "not_passed", "missed", "not_admitted", "told": how many people will be told}."""
    everyone = list(cycle.candidacies.select_related("employee__position").order_by("-to_level", "employee__number"))
    by_outcome = {outcome: [c for c in everyone if c.may_sit and c.outcome == outcome] for outcome in Candidacy.Outcome}
    return {
        "promotions": by_outcome[Candidacy.Outcome.PASSED],
        "not_passed": by_outcome[Candidacy.Outcome.FAILED],
        "missed": by_outcome[Candidacy.Outcome.MISSED],
        "not_admitted": [c for c in everyone if not c.may_sit],
        "told": sum(c.may_sit for c in everyone),
    }
