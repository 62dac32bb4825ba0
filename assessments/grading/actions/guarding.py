"""How every step of a cycle is taken: claimed first, then checked; a refusal names all that is missing and rolls the claim back."""

from django.utils.translation import gettext as _

from assessments.grading.queries import missing_to_become, next_state
from lms.audit.actions import record_event
from lms.common.states import Refused, WrongState, advance


class NotReady(Refused):
    """Something is still missing for the step. `missing` holds it sentence by sentence."""

    def __init__(self, missing):
        self.missing = list(missing)
        super().__init__(" ".join(self.missing))


def check_state(cycle, state):
    """Refuse unless the cycle is in `state` now, and keep its row from moving on until the transaction ends."""
    now = type(cycle).objects.select_for_update().get(pk=cycle.pk)
    cycle.status = now.status
    if now.status != state:
        raise WrongState(
            _("This can be done while the cycle is “%(wanted)s”; it is “%(here)s”.")
            % {"wanted": type(cycle).Status(state).label, "here": now.get_status_display()}
        )


def step(cycle, state, *, by, at, **changes):
    """Move the cycle on to `state` inside the caller's transaction. Raises `WrongState` or `NotReady`."""
    if next_state(cycle) != state:
        cycle.refresh_from_db()
    if next_state(cycle) != state:
        raise WrongState(_("This cycle is “%(state)s”; nothing was changed.") % {"state": cycle.get_status_display()})
    before = cycle.status
    advance(cycle, start=before, end=state, **changes)
    missing = missing_to_become(cycle, state, at=at)
    if missing:
        cycle.status = before
        raise NotReady(missing)
    record_event(f"cycle.{state}", target=cycle, by=by, at=at, before={"status": before}, after={"status": state})
