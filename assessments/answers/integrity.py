from assessments.answers.chain import digest_of, follows
from assessments.answers.models import Response
from lms.common.integrity import invariant


@invariant("Each response follows the one before: the chain of an answer sheet has no gap and no other row")
def responses_are_chained():
    """Goes through all of them in order, a few at a time; the rest of a broken sheet is not named again."""
    sheet, number, before, is_broken = None, 0, "", False
    for one_sheet, one_number, digest, chain in _in_order("sheet_id", "number", "digest", "chain"):
        if one_sheet != sheet:
            sheet, number, before, is_broken = one_sheet, 0, "", False
        number += 1
        if not is_broken and (one_number != number or not follows(before, digest, chain)):
            is_broken = True
            yield f"answers.answersheet {sheet}: row {number} does not follow the one before"
        before = chain


@invariant("A response is what was saved, or was blanked by an erasure")
def responses_are_as_saved():
    for number, digest, *row in _in_order("number", "digest", "sheet_id", "version_id", "sequence", "saved_at", "response"):
        sheet, version, sequence, saved_at, response = row
        said = {"sheet": sheet, "version": version, "sequence": sequence, "saved_at": saved_at, "response": response}
        if response is not None and digest != digest_of(**said):
            yield f"answers.answersheet {sheet}: row {number} is not what was saved"


def _in_order(*fields):
    return Response.objects.order_by("sheet_id", "number").values_list(*fields).iterator(chunk_size=2000)
