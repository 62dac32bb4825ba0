"""What was found about a candidate, computation by computation (G10)."""

from itertools import groupby

from assessments.grading.eligibility import words_of


def computations_of(candidacy):
    """Every computation, the newest first: [{"number", "at", "by", "findings": [{"met", "text", "waived"}]}], in the words of then."""
    rows = candidacy.all_findings.select_related("found_by__employee", "waiver").order_by("-number", "pk")
    return [_computation(number, list(findings)) for number, findings in groupby(rows, key=lambda finding: finding.number)]


def _computation(number, findings):
    return {
        "number": number,
        "at": findings[0].found_at,
        "by": findings[0].found_by,
        "findings": [
            {"met": finding.met, "text": words_of(finding.as_found()), "waived": getattr(finding, "waiver", None)} for finding in findings
        ],
    }
