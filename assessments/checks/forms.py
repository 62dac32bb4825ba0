"""The answers of a check as a browser sends them; their number and type depend on the questions, so they are read by hand."""

from lms.common import limits
from lms.common.outside import whole_numbers

LONGEST_ANSWER = 200


def responses_from(data, versions):
    """{version id: response} as `marking.mark` takes it; None where nothing was chosen or typed."""
    return {version.pk: _response(data, version) for version in versions}


def _response(data, version):
    name = f"v{version.pk}"
    if version.content["kind"] == "multiple":
        return [one[:LONGEST_ANSWER] for one in data.getlist(name)[: limits.MANY]] or None
    return data.get(name, "").strip()[:LONGEST_ANSWER] or None


def numbers_from(text):
    """Whole numbers out of “12,15,18”; what is none is left out."""
    return whole_numbers(text.split(",", limits.MANY))
