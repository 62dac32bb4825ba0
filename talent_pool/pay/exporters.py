from django.utils.translation import gettext as _

from lms.common.spreadsheets import csv_bytes, xlsx_bytes
from talent_pool.pay.queries import changes_of_export

KINDS = ("xlsx", "csv")


def payroll_table(export):
    """Header and rows of the payroll file: always the same for one export."""
    header = [
        _("Employee number"), _("Name"), _("Dealer"), _("Position"), _("Cause"), _("From band"), _("To band"),
        _("Base pay before, CNY a month"), _("Base pay after, CNY a month"), _("Effective on"), _("Change number"),
    ]  # fmt: skip
    return header, [_row(change) for change in changes_of_export(export)]


def _row(change):
    employee = change.employee
    return [
        employee.number, employee.name, change.dealer.code, employee.position.name, change.get_cause_display(),
        change.from_band.code, change.to_band.code,
        change.from_band.base_pay, change.to_band.base_pay, change.effective_on, change.pk,
    ]  # fmt: skip


def payroll_file(export, kind):
    """(file name, content) of an export as "csv" or "xlsx"."""
    header, rows = payroll_table(export)
    content = csv_bytes(header, rows) if kind == "csv" else xlsx_bytes(header, rows, "payroll")
    return f"payroll-{export.dealer.code}-{export.pk}.{kind}", content
