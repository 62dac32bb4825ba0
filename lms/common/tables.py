"""A table that people fill in and that is carried out as a whole: which column is which, and its rows, spooled with their numbers.

    with table_of(content, name, HEADS, empty=_("This file is empty. …")) as table:
        for row, values in table.rows():            # the number that a spreadsheet shows, {field: text}

A room says what its columns are called (`Heads`) and what a row means; nothing here knows what stands in them.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, islice
from tempfile import TemporaryFile

from lms.common import limits
from lms.common.bilingual import gettext as _
from lms.common.spreadsheets import UnreadableFile, read_rows
from lms.common.typed import ERROR_CELLS, folded, why_not_bytes, why_not_name, why_not_text
from lms.common.workbooks import Serial

TITLES = 10  # rows below the first in which the columns are looked for, to say so
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
SERIAL = re.compile(r"\d{5}(\.\d+)?")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
EXCEL_DAY_ZERO = date(1899, 12, 30)


# --- Cells ----------------------------------------------------------------------------------------------------------------------


def plain(text):
    """Full-width letters and digits as plain ones, without spaces at the ends or signs that nobody sees."""
    return folded(text)


def day_of(text):
    """A date as people and Excel write it, year first; None for anything else, 03/04/2024 too, which could be two days."""
    if SERIAL.fullmatch(text):
        return EXCEL_DAY_ZERO + timedelta(days=int(float(text)))
    match = DATE.fullmatch(text) or COMPACT.fullmatch(text)
    if not match:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def not_a_date(text):
    return _("“%(value)s” is not a date. Write it like 2024-03-01.") % {"value": text}


def why_not_day(text, day):
    """Why what a cell says cannot be a day; `day` is what `day_of` made of it."""
    if day is None:
        return not_a_date(text)
    if not limits.FIRST_DAY <= day <= limits.LAST_DAY:
        return _("This day lies too far back or ahead; look at the year.")
    return ""


def why_not_cell(cell, *, needed=False, is_name=False):
    """Why a cell cannot be kept, whatever it means."""
    text = folded(cell)
    if cell.strip() and (is_name or not text):
        return why_not_name(cell)
    if not text:
        return _("This cell is empty; it must be filled in.") if needed else ""
    if text.upper() in ERROR_CELLS:
        return _("This cell holds %(text)s, an error of the spreadsheet. Put the value itself there.") % {"text": text}
    return why_not_text(text) or why_not_bytes(text)


# --- Columns --------------------------------------------------------------------------------------------------------------------


def key_of(header):
    """A column's name for comparing: no case, no spaces, no star or bracketed remark ("工号*", "门店（代码）")."""
    text = re.sub(r"\(.*?\)|[*:]", "", plain(header).lower())
    words = re.sub(r"[\s_]+", " ", text).strip()
    return words.replace(" ", "") if CHINESE.search(words) else words


@dataclass(frozen=True)
class Heads:
    """What the columns may be called: {field: names}, an earlier name winning where a table has two of them; `days` hold dates."""

    names: Mapping[str, Sequence[str]]
    required: Sequence[str] = ()
    days: frozenset | set = frozenset()

    def find(self, header):
        keys = [key_of(cell) for cell in header]
        places = {}
        for name, names in self.names.items():
            found = [keys.index(known) for known in names if known in keys]
            if found:
                places[name] = found[0]
        labels = {name: header[place].strip() for name, place in places.items()}
        known = {other for names in self.names.values() for other in names}
        unread = [cell.strip() for cell, key in zip(header, keys, strict=True) if cell.strip() and key not in known]
        return Columns(places, labels, unread, self)


@dataclass
class Columns:
    """Where each field stands in the table, and what the table itself calls it."""

    places: dict[str, int]
    labels: dict[str, str]
    unread: list[str]
    heads: Heads

    @property
    def missing(self):
        return [name for name in self.heads.required if name not in self.places]

    def of(self, cells):
        """{field: text}. A day by another count than Excel's usual one is written out, for nobody can tell later."""
        found = {name: cells[place] if place < len(cells) else "" for name, place in self.places.items()}
        return found | {name: _written(found[name]) for name in self.heads.days & found.keys()}


def _written(cell):
    day = cell.day if isinstance(cell, Serial) else None
    return day.isoformat() if day else cell


# --- Rows -----------------------------------------------------------------------------------------------------------------------


class Table:
    """The rows of a file, spooled to disk with the number that a spreadsheet shows for each."""

    def __init__(self, content, name, heads, spool, *, empty, beat=None):
        self.spool, self.heads, self.total = spool, heads, 0
        rows = enumerate(read_rows(content, name, beat), start=1)
        self.header_row, header = next(((number, cells) for number, cells in rows if any(cells)), (0, []))
        if not header:
            raise UnreadableFile(empty)
        self.columns = heads.find(header)
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
            if not self.heads.find(cells).missing:
                words = _("The columns are named in row %(row)d; above them stands “%(title)s”. Delete the rows above row %(row)d.")
                raise UnreadableFile(words % {"row": number, "title": next(cell for cell in title if cell)[:40]})
        return chain(looked, rows)

    def rows(self):
        """(row, {field: text}), from the first one again."""
        self.spool.seek(0)
        for text in self.spool:
            yield json.loads(text)

    def batches(self, size):
        rows = self.rows()
        while batch := list(islice(rows, size)):
            yield batch


@contextmanager
def table_of(content: bytes, name: str, heads: Heads, *, empty: str, beat: Callable | None = None):
    """`empty` says what belongs in a file in which nothing stands; what `beat` raises ends the reading."""
    with TemporaryFile("w+", encoding="utf-8") as spool:
        yield Table(content, name, heads, spool, empty=empty, beat=beat)


# --- What comes of it -----------------------------------------------------------------------------------------------------------


@dataclass
class Outcome:
    """How many rows are created, changed, unchanged; and every refusal with row, column and reason."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0  # rows of which something waits for a second person
    refused: list[dict] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # columns that mean nothing to us
    total: int = 0

    def as_dict(self):
        names = ("created", "changed", "unchanged", "waiting", "refused")
        return {name: getattr(self, name) for name in names}

    def refuse(self, row, column, reason):
        self.refused.append({"row": row, "column": column, "reason": reason})

    def miss(self, table, label_of):
        """Refuse a table that lacks columns that must be there. Whether it does."""
        for name in table.columns.missing:
            reason = _("The column “%(name)s” is missing. The first row must name the columns.") % {"name": label_of(name)}
            self.refuse(table.header_row, label_of(name), reason)
        return bool(self.refused)
