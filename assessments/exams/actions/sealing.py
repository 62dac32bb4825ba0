"""What the results rest on stays as it is while the panel signs: the sitting is sealed, and opened again only once the signatures fall."""

from assessments.exams.models import Sitting
from lms.common.bilingual import gettext as _
from lms.common.states import Refused


def seal_sittings(*, sittings, at):
    """Let nothing of these sittings (ids) change any more: their results are about to be signed. With `at` None: open them again."""
    lock_sittings(sittings)
    Sitting.objects.filter(pk__in=sittings, results_at=None).update(sealed_at=at)


def lock_sittings(sittings):
    """The sittings (ids), kept as they are until the transaction ends; in one order, so that no two wait for each other."""
    return list(Sitting.objects.select_for_update().filter(pk__in=sittings).order_by("pk"))


def lock_open(sitting_id):
    """The sitting, locked so that nobody seals it meanwhile; refuses where its results are fixed, and names the way back."""
    sitting = Sitting.objects.select_for_update().get(pk=sitting_id)
    check_open(sitting)
    return sitting


def check_open(sitting):
    """Refuse where the results of the sitting are fixed, and name the way back."""
    if sitting.results_at:
        raise Refused(_("The results of this exam are published. A published result is changed only by an appeal."))
    if sitting.sealed_at:
        raise Refused(
            _(
                "The results of this exam are fixed and with the panel for signing, so nothing in it can be changed. "
                "Take the results back to marking first, with a reason; all signatures are lifted then."
            )
        )
