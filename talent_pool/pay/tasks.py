from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.jobs.kinds import job_kind
from lms.people.models import Dealer
from talent_pool.pay.actions.exporting import export_payroll


def file_of(job):
    return reverse("payroll_export", args=[job.result["export"], job.params.get("kind", "xlsx")])


@job_kind("pay.export_payroll", title=_("Payroll export"), then=file_of)
def export_payroll_job(progress):
    """Params: dealer (id), kind ("csv" or "xlsx"). Repeated, it finds the export it made before.

    The job keeps no file: whoever fetches it does so at the export's own address, where each look at pay is logged.
    """
    dealer = Dealer.objects.get(pk=progress.params["dealer"])
    at = timezone.now()
    export = export_payroll(dealer=dealer, key=f"job:{progress.job.pk}", by=progress.by, at=at)
    progress.settle()  # handed over once and for all
    count = export.changes.count()
    progress.total(count)
    progress.result(export=export.pk, changes=count)
    progress.advance(count)
