"""HR's table of people, CSV or Excel: first what it would do, row by row; then all of it, or nothing.

A table is read once and spooled; then it goes by in batches, so that memory stays flat however long it is. Doing the same
table a second time changes nothing.
"""

import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from tempfile import TemporaryFile

from django.db import IntegrityError, transaction

from lms.common.bilingual import gettext as _
from lms.common.bilingual import in_language
from lms.common.spreadsheets import UnreadableFile, read_rows
from lms.common.states import Refused
from lms.jobs.progress import Quiet
from lms.people.actions.records import hold_lines
from lms.people.called import spelled
from lms.people.importers.apply import Writer
from lms.people.importers.circles import loops
from lms.people.importers.columns import HEADERS, REQUIRED, TEMPLATE, find_columns, read_line
from lms.people.importers.plan import Planner
from lms.people.importers.waiting import ask_for
from lms.people.models import Employee

__all__ = ["TEMPLATE", "CannotImport", "Outcome", "import_employees"]

BATCH = 1000
TITLES = 10  # rows below the first in which the columns are looked for, to say so


def label_of(name):
    """What our template calls the column, in the reader's language."""
    return TEMPLATE[in_language("zh", "en")][list(HEADERS).index(name)]


def must_stand():
    """The columns that no row may leave empty, as our template calls them."""
    return [label_of(name) for name in REQUIRED]


class CannotImport(Refused):
    """The table was not imported; nothing of it was."""


@dataclass
class Outcome:
    """How many rows are created, changed, unchanged; and every refusal with row, column and reason."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0  # rows about signers, of which something waits for a second person
    refused: list[dict] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # columns that mean nothing to us
    total: int = 0

    def as_dict(self):
        return {
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "waiting": self.waiting,
            "refused": self.refused,
        }


class Table:
    """The rows of a file, spooled to disk with the number that a spreadsheet shows for each."""

    def __init__(self, content, name, spool, beat):
        self.spool, self.total = spool, 0
        rows = enumerate(read_rows(content, name, beat), start=1)
        self.header_row, header = next(((number, cells) for number, cells in rows if any(cells)), (0, []))
        if not header:
            raise UnreadableFile(_("This file is empty. The first row must name the columns, each further row is one person."))
        self.columns = find_columns(header)
        if not self.columns.places:
            rows = self._not_below(rows, header)
        for number, cells in rows:
            if any(cells):
                spool.write(json.dumps([number, self.columns.of(cells)], ensure_ascii=False) + "\n")
                self.total += 1

    def _not_below(self, rows, title):
        """The rows again, where none of the next few names the columns; a title above the head is not passed over in silence."""
        looked = list(islice(rows, TITLES))
        for number, cells in looked:
            if not find_columns(cells).missing:
                words = _("The columns are named in row %(row)d; above them stands “%(title)s”. Delete the rows above row %(row)d.")
                raise UnreadableFile(words % {"row": number, "title": next(cell for cell in title if cell)[:40]})
        return chain(looked, rows)

    def batches(self):
        self.spool.seek(0)
        while batch := list(islice(self.spool, BATCH)):
            yield [read_line(*json.loads(line)) for line in batch]


@contextmanager
def opened(content, name, beat):
    with TemporaryFile("w+", encoding="utf-8") as spool:
        yield Table(content, name, spool, beat)


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
    for missing in table.columns.missing:
        reason = _("The column “%(name)s” is missing. The first row must name the columns.") % {"name": label_of(missing)}
        outcome.refused.append({"row": table.header_row, "column": label_of(missing), "reason": reason})
    if outcome.refused:
        return outcome
    for lines in table.batches():
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
    for lines in table.batches():
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
            for lines in table.batches():
                writer.create(_sound(planner.plan(lines)))
                progress.beat()
            for lines in table.batches():
                rows = _sound(planner.plan(lines))
                writer.change(rows, _managers(rows))
                for row in rows:
                    if row.reports_to:
                        teams.setdefault(row.reports_to, set()).add(row.line.number)
                progress.advance(len(lines))
            waiting = [row for lines in table.batches() for row in _sound(planner.plan(lines)) if row.kind == "waiting"]
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
