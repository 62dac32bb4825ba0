"""The payroll file. What it says of each change is kept with the export, so that it is always the same."""

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.bilingual import in_language
from lms.common.spreadsheets import csv_bytes, xlsx_bytes
from talent_pool.pay.models import PayChange
from talent_pool.pay.queries import changes_of_export, said_of

KINDS = ("xlsx", "csv")


def payroll_table(export):
    """Header and rows of the payroll file: always the same for one export. One of before its rows were kept says what is so now."""
    header = [
        _("Employee number"), _("Name"), _("Dealer"), _("Position"), _("Cause"), _("From band"), _("To band"),
        _("Base pay before, CNY a month"), _("Base pay after, CNY a month"), _("Effective on"), _("Change number"),
    ]  # fmt: skip
    rows = sorted(_rows(export), key=lambda said: said["number"])
    if not any("back_pay_since" in said for said in rows):  # of before that was kept
        return header, [_row(said) for said in rows]
    return [*header, _("Back pay from")], [[*_row(said), _day(said["back_pay_since"])] for said in rows]


def _rows(export):
    if export.rows is not None:
        return export.rows
    on = timezone.localdate(export.exported_at)
    return [said_of(change, on) for change in changes_of_export(export)]


def _row(said):
    return [
        said["number"], said["name"], said["dealer"], in_language(said["position_zh"], said["position_en"]),
        PayChange.Cause(said["cause"]).label, said["from"], said["to"],
        Decimal(said["before"]), Decimal(said["after"]), date.fromisoformat(said["effective_on"]), said["change"],
    ]  # fmt: skip


def _day(said):
    return date.fromisoformat(said) if said else ""


def payroll_file(export, kind):
    """(file name, content) of an export as "csv" or "xlsx"."""
    header, rows = payroll_table(export)
    content = csv_bytes(header, rows) if kind == "csv" else xlsx_bytes(header, rows, "payroll")
    return f"payroll-{export.dealer.code}-{export.pk}.{kind}", content
