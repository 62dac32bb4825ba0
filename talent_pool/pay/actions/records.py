"""What every action on pay changes begins and ends with."""

from django.utils.translation import gettext as _

from lms.audit.actions import event_of
from lms.common.states import Refused
from talent_pool.pay.models import LIVE, PayChange
from talent_pool.pay.proposals import why_not_paid
from talent_pool.pay.queries import entries_around, with_fitness

RELATED = (
    "employee__dealer", "employee__position", "dealer", "decision", "of", "position", "from_band", "to_band", "approved_by__employee",
)  # fmt: skip


def locked(changes, **only):
    """The changes (a list or a queryset) as they are now, with what makes them `unfit`, locked by number of record, so that two
    people signing the same ones never wait for each other."""
    rows = PayChange.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[change.pk for change in changes])
    numbers = [change.pk for change in rows.order_by("pk")]
    # A second look: the first one waited for the lock, and saw the person as before.
    return list(with_fitness(PayChange.objects.filter(pk__in=numbers)).filter(**only).select_related(*RELATED).order_by("pk"))


def refuse_unfit(change):
    """Nobody signs what no longer fits the person or rests on pay that has changed since (§1, P2)."""
    if change.status not in LIVE:
        return  # the step itself says so
    if change.unfit:
        raise Refused(
            _("%(employee)s: %(why)s. This pay change can't be signed and will be withdrawn automatically. Nothing was changed.")
            % {"employee": change.employee.name, "why": PayChange.Unfit(change.unfit).label}
        )
    why = why_not_paid(change, entries_around(change))
    if why:
        raise Refused(why)


def event_about(verb, change, by, at, before=None, **more):
    after = {
        "cause": change.cause,
        "status": change.status,
        "from": change.from_band.code,
        "to": change.to_band.code,
        "effective_on": change.effective_on,
        **more,
    }
    return event_of(verb, target=change, by=by, at=at, before=before, after=after)
