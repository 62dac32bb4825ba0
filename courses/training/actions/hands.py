"""A programme goes over to another organiser or watcher: whoever had it has left or moved, or someone else takes it (§1)."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.training.actions.programmes import check_organiser
from courses.training.kinds import kind_of
from courses.training.models import Programme
from courses.training.permissions import may_open
from courses.training.queries.shown import hands_shown
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.states import Refused, require


@transaction.atomic
def hand_on_programme(*, programme, organiser, watcher=None, shown=None, by, at):
    """From now on it is theirs: its sessions to come, their reminders, what is overdue. By those who may open such programmes."""
    require(may_open(by, programme.dealer_id, programme.kind), not_yours())
    programme = Programme.objects.select_for_update(no_key=True, of=("self",)).select_related("dealer").get(pk=programme.pk)
    if programme.status != Programme.Status.OPEN:
        raise Refused(_("This programme is closed. Open a new one first."))
    check_shown(shown, hands_shown(programme), programme)
    check_organiser(programme.dealer, organiser, programme.kind)
    _check_watcher(programme, watcher)
    before = {"organiser": programme.organiser_id, "watcher": programme.watcher_id}
    programme.organiser, programme.watcher = organiser, watcher
    programme.save(update_fields=["organiser", "watcher"])
    after = {"organiser": organiser.pk, "watcher": watcher and watcher.pk}
    record_event("training.programme_handed_on", target=programme, by=by, at=at, before=before, after=after)
    return programme


def not_yours():
    return _("A programme is handed on by those who may open it at their own dealer.")


def _check_watcher(programme, watcher):
    if watcher is None:
        return
    here = watcher.is_here and watcher.dealer_id == programme.dealer_id
    if not here or watcher.position.role not in kind_of(programme.kind).watched_by:
        raise Refused(_("%(name)s cannot watch over it: choose from the list.") % {"name": watcher.name}, field="watcher")
