"""What is countersigned goes to payroll, once (P2)."""

from django.db import transaction
from django.utils import timezone

from lms.audit.actions import record_event
from lms.common.bilingual import gettext as _
from lms.common.days import moment
from lms.common.states import Refused, require
from lms.jobs.actions import start_job
from talent_pool.pay.actions.records import locked
from talent_pool.pay.actions.withdrawing import withdraw_unfit_changes
from talent_pool.pay.models import PayChange, PayrollExport
from talent_pool.pay.permissions import may_export
from talent_pool.pay.queries import said_of

Status = PayChange.Status


def request_export(*, dealer, kind, by, at):
    """Ask for the dealer's payroll export; a job makes it. Returns the job."""
    require(may_export(by, dealer), _exporters_only())
    return start_job(kind="pay.export_payroll", key=f"dealer:{dealer.pk}", params={"dealer": dealer.pk, "kind": kind}, by=by)


@transaction.atomic
def export_payroll(*, dealer, key, by, at):
    """Hand the dealer's countersigned changes to payroll, each exactly once (P2), but for those that no longer fit: they are withdrawn.

    `key` names the request: asked again with it (a job that was killed), this gives the export made then. Two at once: the
    second waits for the changes that the first has locked, finds nothing left and is refused.
    """
    require(may_export(by, dealer), _exporters_only())
    withdraw_unfit_changes(dealer=dealer, at=at)
    changes = locked(PayChange.objects.filter(dealer=dealer, status=Status.COUNTERSIGNED), status=Status.COUNTERSIGNED, unfit="")
    done = PayrollExport.objects.filter(key=key, dealer=dealer).first()
    if done:
        return done
    if not changes:
        raise Refused(_nothing_left(dealer))
    rows = [said_of(one, timezone.localdate(at)) for one in changes]
    export = PayrollExport.objects.create(dealer=dealer, exported_at=at, exported_by=by, key=key, rows=rows)
    numbers = [change.pk for change in changes]
    PayChange.objects.filter(pk__in=numbers).update(status=Status.EXPORTED, export=export)
    record_event("pay.exported", target=export, by=by, at=at, after={"changes": numbers})
    return export


def _exporters_only():
    return _("Payroll files are made by HR of the dealer or of the group.")


def _nothing_left(dealer):
    last = PayrollExport.objects.filter(dealer=dealer, changes__isnull=False).order_by("-exported_at").first()
    if last is None:
        return _("No pay change of %(dealer)s is countersigned yet, so there is nothing to export.") % {"dealer": dealer.name}
    return _("Everything countersigned was exported already, last on %(time)s. Take that file; each change is exported once only.") % {
        "time": moment(last.exported_at)
    }
