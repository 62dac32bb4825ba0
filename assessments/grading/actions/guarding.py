"""How every step of a cycle is taken: by the right hands, claimed first, then checked; a refusal names all that is missing."""

from assessments.grading.permissions import may_run
from assessments.grading.queries.guards import missing_to_become, next_state
from lms.audit.actions import record_event
from lms.common.bilingual import gettext as _
from lms.common.bilingual import joined
from lms.common.states import Refused, WrongState, advance, require
from lms.people.permissions import paired


def check_hands(cycle, by):
    """The head of whatever takes a cycle on."""
    require(may_run(by, cycle), not_yours())


def check_independence(cycle, by, at):
    """Whoever signs or publishes stands beside every signature there is: not beside one whom they let in within 30 days (§1)."""
    signers = [
        member.signed_by for member in cycle.panel.exclude(signed_by=None).exclude(signed_by=by).select_related("signed_by__employee")
    ]
    close = next((one for one in signers if paired(one, by, at=at)), None)
    require(
        close is None,
        close
        and _(
            "One of you and %(name)s gave the other the post, a password or an address within the last 30 days, so your two signatures "
            "do not stand beside each other yet. Group HR can take the place of either."
        )
        % {"name": close.get_full_name()},
    )


def not_yours():
    return _(
        "This grading cycle is taken on by HR of its dealer, or of the group; never by someone who is a candidate in it or sits on its "
        "panel. Nothing was changed."
    )


def check_state(cycle, *states):
    """Refuse unless the cycle is in one of `states` now, and keep its row from moving on until the transaction ends."""
    now = type(cycle).objects.select_for_update().get(pk=cycle.pk)
    cycle.status = now.status
    if now.status not in states:
        raise WrongState(
            _("This can be done while the cycle is “%(wanted)s”; it is “%(here)s”.")
            % {"wanted": type(cycle).Status(states[0]).label, "here": now.get_status_display()}
        )


def step(cycle, state, *, by, at, **changes):
    """Move the cycle on to `state` inside the caller's transaction; refuses with every sentence of what is missing."""
    if next_state(cycle) != state:
        cycle.refresh_from_db()
    if next_state(cycle) != state:
        raise WrongState(_("This cycle is “%(state)s”; nothing was changed.") % {"state": cycle.get_status_display()})
    before = cycle.status
    advance(cycle, start=before, end=state, **changes)
    missing = missing_to_become(cycle, state, at=at)
    if missing:
        cycle.status = before
        raise Refused(joined(" ", missing))
    record_event(f"cycle.{state}", target=cycle, by=by, at=at, before={"status": before}, after={"status": state})
