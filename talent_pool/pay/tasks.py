from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.jobs.kinds import job_kind
from lms.people.models import Dealer
from talent_pool.pay.actions import export_payroll
from talent_pool.pay.exporters import payroll_file
from talent_pool.pay.queries import changes_of_export, record_looks


@job_kind("pay.export_payroll", title=_("Payroll export"), then=lambda job: reverse("pay_changes"))
def export_payroll_job(progress):
    """Params: dealer (id), kind ("csv" or "xlsx"). Repeated, it finds the export it made before and writes the same file."""
    dealer = Dealer.objects.get(pk=progress.params["dealer"])
    at = timezone.now()
    export = export_payroll(dealer=dealer, key=f"job:{progress.job.pk}", by=progress.by, at=at)
    progress.settle()  # handed over once and for all; what follows only writes the file of it
    employees = [change.employee for change in changes_of_export(export)]
    progress.total(len(employees))
    record_looks(employees, by=progress.by, at=at, where=f"payroll export {export.pk}")
    progress.file(*payroll_file(export, progress.params.get("kind", "xlsx")))
    progress.result(export=export.pk, changes=len(employees))
    progress.advance(len(employees))
