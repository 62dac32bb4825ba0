"""Contract and probation in HR's table. They have no columns of the record: the history says them, and what it says last is compared."""

from datetime import date

from lms.common.bilingual import gettext as _
from lms.people.actions import rules
from lms.people.queries import standings_on
from lms.people.standing import Standing


def standings_of_dated(lines, known):
    """{person: where they stand now} of those whose row gives a date. Two statements a batch, none where no row does."""
    dated = any(line.dates for line in lines)
    return standings_on([person.pk for person in known.values()], date.max) if dated else {}


def compare_dates(row, standings):
    """What the row says of contract and probation that the history does not say yet, refused where it cannot be."""
    line, person = row.line, row.employee
    if not line.dates:
        return
    if person and not person.is_here:
        return _refuse(row, next(iter(line.dates)), _("%(employee)s has left. Record the return first.") % {"employee": person.name})
    now = standings.get(person.pk) if person else None
    said = _said(line.dates, now or Standing())
    for name, reason in list(_faults(line, said)):
        _refuse(row, name, reason)
    if row.kind == "refused":
        return
    row.dates = said
    row.dated = {name: (getattr(now, name, None), day) for name, day in said.items() if getattr(now, name, None) != day}
    if row.dated and row.kind == "unchanged":
        row.kind = "changed"


def _faults(line, said):
    """(column, reason) of what cannot be; nothing is concluded from a cell that is refused itself."""
    hired_on = date.min if line.hired_on is None or line.is_refused("hired_on") else line.hired_on
    for name in ("probation_until", "contract_until"):
        part = {key: day for key, day in said.items() if part_of(key) == part_of(name)}
        if not line.is_refused("contract_from", name) and (reason := rules.why_not_contract(part, hired_on)):
            yield name, reason


def _said(dates, now):
    """An end alone is that of the contract on record."""
    begun = {"contract_from": now.contract_from} if "contract_until" in dates and now.contract_from else {}
    return begun | dates


def _refuse(row, name, reason):
    row.line.refuse(name, reason)
    row.kind = "refused"


def to_record(row):
    """The dates that a line of history says: probation where it is new, a contract whole where one of its days is."""
    new = {part_of(name) for name in row.dated}
    return {name: day for name, day in row.dates.items() if part_of(name) in new}


def part_of(name):
    return name.partition("_")[0]
