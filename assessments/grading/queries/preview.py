"""Everything that a publication will do, before it is done."""

from assessments.grading.models import Candidacy
from assessments.grading.queries.components import results_by_candidacy
from assessments.grading.queries.records import who_left
from lms.common.print import unprintable


def publication_preview(cycle):
    """{"promotions": candidacies one step up, each with its `scores` in the order of "kinds", "not_passed", "missed", "withdrawn"
    (who has left), "not_admitted", "told": how many people will be told}."""
    everyone = list(cycle.candidacies.select_related("employee__position").order_by("-to_level", "employee__number"))
    gone = {c.pk for c in who_left(cycle)} | {c.pk for c in everyone if c.outcome == Candidacy.Outcome.WITHDRAWN}
    judged = [c for c in everyone if c.may_sit and c.pk not in gone]
    by_outcome = {outcome: [c for c in judged if c.outcome == outcome] for outcome in Candidacy.Outcome}
    kinds, results = results_by_candidacy(cycle)
    for candidacy in by_outcome[Candidacy.Outcome.PASSED]:
        candidacy.scores = [result and result.score for result in results.get(candidacy.pk, [])]
    return {
        "kinds": kinds,
        "promotions": by_outcome[Candidacy.Outcome.PASSED],
        "not_passed": by_outcome[Candidacy.Outcome.FAILED],
        "missed": by_outcome[Candidacy.Outcome.MISSED],
        "withdrawn": [c for c in everyone if c.pk in gone],
        "not_admitted": [c for c in everyone if not c.may_sit],
        "told": len(judged),
    }


def names_not_printable(cycle, promotions):
    """[(name, the characters of it that no certificate can show)], of whoever a certificate of this cycle would name."""
    dealer = cycle.dealer
    names = [c.employee.name for c in promotions] + [member.examiner.name for member in cycle.panel.select_related("examiner")]
    names = list(dict.fromkeys([*names, dealer.name_zh, dealer.name_en])) if promotions else []
    return [(name, unprintable(name)) for name in names if unprintable(name)] if unprintable(" ".join(names)) else []
