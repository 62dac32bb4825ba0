"""What the room's two tables have in common: checked row by row, then carried out as a whole, each row by the action that a form calls."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models.functions import Upper

from lms.common.bilingual import gettext as _
from lms.common.bilingual import in_language, listed
from lms.common.states import Refused
from lms.common.tables import Heads, Outcome, day_of, plain, table_of, why_not_cell, why_not_day
from lms.jobs.progress import Quiet
from talent_pool.schools.models import Student
from talent_pool.schools.queries.visible import schools_visible_to

MOST_ROWS = 5000  # of one file; each row is a person
BATCH = 200


class CannotImport(Refused):
    """The table was not imported; nothing of it was."""


@dataclass
class Row:
    """One row and what comes of it. `changes` maps a field to [before, after] in plain values."""

    row: int
    values: dict
    kind: str = "unchanged"  # created | changed | unchanged | refused
    problems: list = field(default_factory=list)  # (field, reason)
    changes: dict = field(default_factory=dict)
    record: object = None
    does: list = field(default_factory=list)  # what carries the row out: functions of (by, at)

    def refuse(self, name, reason):
        self.problems.append((name, reason))
        self.kind = "refused"

    def says(self, name):
        return self.values.get(name) not in (None, "")


class Importer:
    """`heads` and `template` say how the columns are called; `plan(rows)` says what comes of a batch, and never writes."""

    heads: Heads
    template: dict = {}
    verbatim: tuple[str, ...] = ("name",)  # text that is kept as it is typed

    def __init__(self, by, at):
        self.by, self.at = by, at
        self.schools = {school.code.upper(): school for school in schools_visible_to(by)}
        self.seen = {}  # key → the row that has it

    @classmethod
    def label_of(cls, name):
        return cls.template[in_language("zh", "en")][list(cls.heads.names).index(name)]

    @classmethod
    def must_stand(cls):
        return [cls.label_of(name) for name in cls.heads.required]

    @classmethod
    def empty(cls):
        return _("This file is empty. The first row must name the columns, each further row is one student.")

    def plan(self, rows):
        raise NotImplementedError

    # --- Reading ----------------------------------------------------------------------------------

    def read(self, number, cells):
        row = Row(number, {})
        for name in {**dict.fromkeys(self.heads.required), **cells}:
            cell = cells.get(name, "")
            if reason := why_not_cell(cell, needed=name in self.heads.required, is_name=name == "name"):
                row.refuse(name, reason)
            else:
                row.values[name] = " ".join(cell.split()) if name in self.verbatim else plain(cell)
        for name in self.heads.days & row.values.keys():
            self._read_day(row, name)
        return row

    def _read_day(self, row, name):
        text = row.values.pop(name)
        if not text:
            return
        day = day_of(text)
        if reason := why_not_day(text, day):
            row.refuse(name, reason)
        else:
            row.values[name] = day

    def school_of(self, row):
        """The school that a row names, or None, refused."""
        code = row.values.get("school", "")
        found = self.schools.get(code.upper())
        if code and not found:
            known = listed(sorted(self.schools)[:5])
            row.refuse("school", _("“%(code)s” is not the code of a school. There are: %(known)s.") % {"code": code, "known": known})
        return found

    def students_of(self, rows):
        """{(school id, CODE): student} of those that the rows name, whoever keeps them. One statement."""
        codes = {row.values.get("code", "").upper() for row in rows} - {""}
        found = Student.objects.alias(upper=Upper("code")).filter(upper__in=codes, school__in=[one.pk for one in self.schools.values()])
        found = found.select_related("person__dealer", "person__position", "person__user", "school", "targeted_class__agreement__dealer")
        return {(one.school_id, one.code.upper()): one for one in found}

    @staticmethod
    def twice():
        return _("Row %(row)d is about the same student; each student stands in the file once.")

    def once(self, row, key, name, words):
        """Each stands in the file once: the second is refused, and names the first."""
        first = self.seen.setdefault(key, row.row)
        if first != row.row:
            row.refuse(name, words % {"row": first})

    # --- The whole --------------------------------------------------------------------------------

    @classmethod
    def run(cls, content, name, *, by, at, apply=False, progress=None, report=None):
        """Check a table and, with `apply` and nothing refused, carry it out. Raises `UnreadableFile` and `CannotImport`."""
        progress = progress or Quiet()
        with table_of(content, name, cls.heads, empty=cls.empty(), beat=progress.beat) as table:
            progress.total(table.total)
            outcome = cls._check(table, by, at, progress, report)
            if apply and outcome.refused:
                outcome.created = outcome.changed = 0
            elif apply:
                cls._carry_out(table, by, at, progress)
            return outcome

    @classmethod
    def _check(cls, table, by, at, progress, report):
        outcome, kinds = Outcome(unread=table.columns.unread, total=table.total), Counter()
        if outcome.miss(table, cls.label_of):
            return outcome
        if table.total > MOST_ROWS:
            words = _("A file may hold %(most)d rows; this one has %(total)d. Split it and import the parts one after the other.")
            outcome.refuse(table.header_row, cls.label_of(cls.heads.required[0]), words % {"most": MOST_ROWS, "total": table.total})
            return outcome
        for rows in cls(by, at).planned(table):
            for row in rows:
                kinds[row.kind] += 1
                for name, reason in row.problems:
                    outcome.refuse(row.row, table.columns.labels.get(name) or cls.label_of(name), reason)
                if report:
                    report(row)
            progress.advance(len(rows))
        outcome.created, outcome.changed, outcome.unchanged = kinds["created"], kinds["changed"], kinds["unchanged"]
        return outcome

    @classmethod
    def _carry_out(cls, table, by, at, progress):
        progress.total(table.total)
        with transaction.atomic():
            for rows in cls(by, at).planned(table):
                for row in rows:
                    cls._do(row, by, at)
                progress.advance(len(rows))

    @staticmethod
    def _do(row, by, at):
        try:
            if row.kind == "refused":
                raise Refused(row.problems[0][1])
            for step in row.does:
                step(by, at)
        except Refused as refusal:
            words = _("Row %(row)d was in order a moment ago and is not any more, so nothing was imported: %(reason)s")
            raise CannotImport(words % {"row": row.row, "reason": refusal.words}) from refusal

    def planned(self, table):
        for cells in table.batches(BATCH):
            rows = [self.read(*one) for one in cells]
            self.plan(rows)
            yield rows


def entry_of(row):
    """What a job keeps of a row."""
    code, name = row.values.get("code", ""), row.values.get("name", "") or (row.record.person.name if row.record else "")
    return [row.row, code, name, row.kind, row.changes]
