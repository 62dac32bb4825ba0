"""What the results rest on stays as it is while the panel signs: the sitting is sealed, and opened again only once the signatures fall."""

from django.utils.translation import gettext as _

from assessments.exams.models import Sitting
from lms.common.states import Refused


def seal_sittings(*, sittings, at):
    """Let nothing of these sittings (ids) change any more: their results are about to be signed. With `at` None: open them again."""
    Sitting.objects.filter(pk__in=sittings, results_at=None).update(sealed_at=at)


def lock_open(sitting_id):
    """The sitting, locked so that nobody seals it meanwhile; refuses where its results are fixed, and names the way back."""
    sitting = Sitting.objects.select_for_update().get(pk=sitting_id)
    if sitting.results_at:
        raise Refused(_("The results of this exam are published. A published result is changed only by an appeal."))
    if sitting.sealed_at:
        raise Refused(
            _(
                "The results of this exam are fixed and with the panel for signing, so nothing in it can be changed. "
                "Take the results back to marking first, with a reason; all signatures are lifted then."
            )
        )
    return sitting
