"""HR's table of people, CSV or Excel: first what it would do, row by row; then all of it, or nothing.

A table is read once and spooled; then it goes by in batches, so that memory stays flat however long it is. Doing the same
table a second time changes nothing.
"""

from collections import Counter

from django.db import IntegrityError, transaction

from lms.common.bilingual import gettext as _
from lms.common.bilingual import in_language
from lms.common.states import Refused
from lms.common.tables import Outcome, table_of
from lms.jobs.progress import Quiet
from lms.people.actions.records import hold_lines
from lms.people.called import spelled
from lms.people.importers.apply import Writer
from lms.people.importers.circles import loops
from lms.people.importers.columns import HEADERS, HEADS, REQUIRED, TEMPLATE, read_line
from lms.people.importers.plan import Planner
from lms.people.importers.waiting import ask_for
from lms.people.models import Employee

__all__ = ["TEMPLATE", "CannotImport", "Outcome", "import_employees"]

BATCH = 1000


def label_of(name):
    """What our template calls the column, in the reader's language."""
    return TEMPLATE[in_language("zh", "en")][list(HEADERS).index(name)]


def must_stand():
    """The columns that no row may leave empty, as our template calls them."""
    return [label_of(name) for name in REQUIRED]


class CannotImport(Refused):
    """The table was not imported; nothing of it was."""


def opened(content, name, beat):
    empty = _("This file is empty. The first row must name the columns, each further row is one person.")
    return table_of(content, name, HEADS, empty=empty, beat=beat)


def batches(table):
    return ([read_line(*row) for row in rows] for rows in table.batches(BATCH))


def import_employees(content, name, *, by, at, apply=False, progress=None, report=None):
    """Check a table and, with `apply` and nothing refused, carry it out. Raises `UnreadableFile` and `CannotImport`.

    `progress` hears how many rows are read, checked and then written, and may call it off until the last is; `report(row)` hears of
    each planned row (a file of results is made of them).
    """
    progress = progress or Quiet()
    with opened(content, name, progress.beat) as table:
        planner = Planner(by, at)
        progress.total(table.total)
        outcome = check(table, planner, progress, report)
        if apply and outcome.refused:
            outcome.created = outcome.changed = outcome.waiting = 0
        elif apply:
            carry_out(table, planner, by=by, at=at, name=name, progress=progress)
        return outcome


def check(table, planner, progress, report=None):
    outcome = Outcome(unread=table.columns.unread, total=table.total)
    if outcome.miss(table, label_of):
        return outcome
    for lines in batches(table):
        for line in lines:
            planner.index.add(planner.key_of(line), line)
        planner.note_newcomers(lines)
    kinds = _check_rows(table, planner, outcome, progress, report)
    _refuse_loops(table, planner, outcome, kinds)
    counts = Counter(kinds.values())
    outcome.created, outcome.changed, outcome.unchanged = counts["created"], counts["changed"], counts["unchanged"]
    outcome.waiting = counts["waiting"]
    outcome.refused.sort(key=lambda refusal: refusal["row"])
    return outcome


def _check_rows(table, planner, outcome, progress, report):
    kinds = {}
    for lines in batches(table):
        for row in planner.plan(lines):
            kinds[row.line.row] = row.kind
            outcome.refused += [
                {"row": row.line.row, "column": table.columns.labels.get(name) or label_of(name), "reason": reason}
                for name, reason in row.line.problems
            ]
            if report:
                report(row)
        progress.advance(len(lines))
    return kinds


def _refuse_loops(table, planner, outcome, kinds):
    for key, words in loops(planner.index).items():
        row = planner.index.rows[key]
        if kinds[row] == "refused":
            continue
        kinds[row] = "refused"
        reason = _("These people would report to one another in a circle: %(loop)s. One of them needs another manager.") % {"loop": words}
        outcome.refused.append({"row": row, "column": table.columns.labels.get("manager") or label_of("manager"), "reason": reason})


def carry_out(table, planner, *, by, at, name, progress):
    """All of the table in one transaction: first the new people, then every change, planned anew from what stands there now."""
    writer, teams = Writer(by, at, (_("Imported from %(file)s") % {"file": name})[:200]), {}
    progress.total(table.total)
    try:
        with transaction.atomic():
            for group in sorted(planner.groups):
                hold_lines(group)
            for lines in batches(table):
                writer.create(_sound(planner.plan(lines)))
                progress.beat()
            for lines in batches(table):
                rows = _sound(planner.plan(lines))
                writer.change(rows, _managers(rows))
                for row in rows:
                    if row.reports_to:
                        teams.setdefault(row.reports_to, set()).add(row.line.number)
                progress.advance(len(lines))
            waiting = [row for lines in batches(table) for row in _sound(planner.plan(lines)) if row.kind == "waiting"]
            ask_for(waiting, teams, by=by, at=at)
    except IntegrityError as error:
        raise CannotImport(_("People were changed meanwhile, so nothing was imported. Please try again.")) from error


def _sound(rows):
    for row in rows:
        if row.kind == "refused":
            raise CannotImport(
                _("Row %(row)d was in order a moment ago and is not any more, so nothing was imported: %(reason)s")
                % {"row": row.line.row, "reason": row.line.problems[0][1]}
            )
    return rows


def _managers(rows):
    """The people that the rows' managers are, by key: those of the table exist by now."""
    keys = {row.manager_key for row in rows if "manager" in row.changes}
    groups = {group for group, _number in keys}
    found = spelled(Employee.objects.filter(group__in=groups), {number for _group, number in keys})
    people = {(person.group_id, person.number.upper()): person for person in found}
    people |= {row.manager_key: row.values["manager"] for row in rows if row.values.get("manager")}
    return people
