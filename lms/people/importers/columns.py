"""HR's table of people: which column is which, and what each cell says. Plain text in, a `Line` with its problems out."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lms.common.bilingual import gettext as _
from lms.common.bilingual import joined
from lms.common.tables import Heads, day_of, not_a_date, plain, why_not_cell, why_not_day
from lms.common.typed import line as text_line
from lms.people.actions.rules import why_not_hired_on, why_not_number
from lms.people.models import Employee

# The first name of each is the one in our template. An earlier name wins where a table has two of them, so that a list
# exported from here, which names a dealer and gives its code as well, can be read back.
HEADERS = {
    "number": ["工号", "员工编号", "员工号", "编号", "number", "employee number", "employee no", "employee id", "staff number", "no"],
    "name": ["姓名", "名字", "员工姓名", "name", "employee name", "full name"],
    "dealer": ["门店代码", "门店编码", "门店编号", "dealer code", "store code", "门店", "4s店", "经销商", "dealer", "store"],
    "position": ["岗位", "职位", "职务", "position", "job title", "post"],
    "manager": [
        "直属上级工号", "上级工号", "number of the line manager", "manager number", "直属上级", "上级", "直接上级", "直属主管",
        "manager", "line manager", "reports to",
    ],
    "hired_on": ["入职日期", "入职时间", "入职日", "hired on", "hire date", "date of hire", "hired"],
    "email": ["邮箱", "电子邮箱", "电子邮件", "email", "e-mail", "mail"],
    "phone": ["电话", "手机", "手机号", "手机号码", "联系电话", "phone", "mobile", "telephone"],
    "probation_until": ["试用期至", "试用期截止", "试用期截止日期", "试用期结束日期", "probation until", "end of probation"],
    "contract_from": ["合同起始日", "合同起始日期", "合同开始日期", "contract from", "contract start"],
    "contract_until": ["合同截止日", "合同截止日期", "合同到期日", "合同到期日期", "合同结束日期", "contract until", "contract end"],
    "status": ["状态", "在职状态", "员工状态", "status", "state"],
}  # fmt: skip
DATES = ("probation_until", "contract_from", "contract_until")
DAYS = {"hired_on", *DATES}
REQUIRED = ("number", "name", "dealer", "position", "hired_on")
TEMPLATE = {
    "zh": ["工号", "姓名", "门店", "岗位", "直属上级", "入职日期", "邮箱", "电话", "试用期至", "合同起始日", "合同截止日", "状态"],
    "en": [
        "number",
        "name",
        "dealer",
        "position",
        "manager",
        "hired_on",
        "email",
        "phone",
        "probation_until",
        "contract_from",
        "contract_until",
        "status",
    ],
}
STATUSES = {
    "试用": "probation", "试用期": "probation", "probation": "probation", "on probation": "probation",
    "在职": "active", "在岗": "active", "正式": "active", "转正": "active", "active": "active",
    "休假": "on_leave", "请假": "on_leave", "长假": "on_leave", "休假中": "on_leave", "on leave": "on_leave", "on_leave": "on_leave",
    "离职": "left", "已离职": "left", "left": "left",
}  # fmt: skip
HEADS = Heads(HEADERS, required=REQUIRED, days=DAYS)
PHONE = re.compile(r"[0-9+() /-]{3,20}")


def find_columns(header):
    return HEADS.find(header)


@dataclass(slots=True)
class Line:
    """One row of the table, understood as far as can be without looking anything up."""

    row: int  # as the spreadsheet numbers it
    number: str
    name: str
    dealer: str
    position: str
    manager: str  # in its plainest form, as a number is compared
    manager_as_typed: str
    hired_on: date | None
    email: str
    phone: str
    status: str
    dates: dict[str, date] = field(default_factory=dict)  # of contract and probation; those given
    problems: list[tuple[str, str]] = field(default_factory=list)  # (field, reason)

    def refuse(self, name, reason):
        self.problems.append((name, reason))

    def is_refused(self, *names):
        return any(name in names for name, _reason in self.problems)


def read_line(row, values):
    """`values` are the cells by field name; a column that the table lacks counts as an empty cell: nothing is said about it."""
    line = Line(
        row=row,
        number=plain(values.get("number", "")),
        name=text_line(values.get("name", "")),
        dealer=plain(values.get("dealer", "")).upper(),
        position=plain(values.get("position", "")),
        manager=plain(values.get("manager", "")),
        manager_as_typed=text_line(values.get("manager", "")),
        hired_on=None,
        email=plain(values.get("email", "")).lower(),
        phone=plain(values.get("phone", "")),
        status=plain(values.get("status", "")).lower(),
    )
    for name in {**dict.fromkeys(REQUIRED), **values}:
        if reason := why_not_cell(values.get(name, ""), needed=name in REQUIRED, is_name=name == "name"):
            line.refuse(name, reason)
    _check(line, plain(values.get("hired_on", "")))
    for name in DATES:
        if text := plain(values.get(name, "")):
            _read_date(line, name, text)
    return line


def _read_date(line, name, text):
    day = day_of(text)
    if reason := why_not_day(text, day):
        line.refuse(name, reason)
    else:
        line.dates[name] = day


def _check(line, hired_on):
    if line.number and (reason := why_not_number(line.number)):
        line.refuse("number", reason)
    if len(line.name) > 60:
        line.refuse("name", _("A name has at most 60 characters."))
    if hired_on:
        line.hired_on = day_of(hired_on)
        if reason := _why_not_hired_on(hired_on, line.hired_on):
            line.refuse("hired_on", reason)
    if line.email and not _is_email(line.email):
        line.refuse("email", _("“%(value)s” is not an e-mail address.") % {"value": line.email})
    if line.phone and not PHONE.fullmatch(line.phone):
        line.refuse("phone", _("“%(value)s” is not a phone number: digits, spaces, “+”, “-”, at most 20.") % {"value": line.phone})
    if line.status and line.status not in STATUSES:
        wanted = joined(" / ", Employee.Status.labels)
        line.refuse("status", _("“%(value)s” is not a status. Write one of: %(wanted)s.") % {"value": line.status, "wanted": wanted})
    line.status = STATUSES.get(line.status, line.status)


def _why_not_hired_on(text, day):
    return not_a_date(text) if day is None else why_not_hired_on(day)


def _is_email(text):
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
