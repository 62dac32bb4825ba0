"""The answers of a check as a browser sends them; their number and type depend on the questions, so they are read by hand."""

from assessments.questions.kinds.response import response_of
from lms.common import limits
from lms.common.outside import whole_numbers

LONGEST_ANSWER = 200  # characters of one field


def responses_from(data, versions):
    """{version id: response}; None where nothing was chosen or typed."""
    return {
        version.pk: response_of([one[:LONGEST_ANSWER] for one in data.getlist(f"v{version.pk}")[: limits.MANY]]) for version in versions
    }


def numbers_from(text):
    """Whole numbers out of “12,15,18”; what is none is left out."""
    return whole_numbers(text.split(",", limits.MANY))
