"""Excel files as rows of values. openpyxl reads them; before it sees a part, a guard has walked it and found it within the limits.

The guard is needed because openpyxl builds what a file only claims: a cell in row 2,000,000,000 makes as many empty rows.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from functools import cache, partial
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel
from openpyxl.utils.exceptions import InvalidFileException

from lms.common import limits
from lms.common.bilingual import gettext as _
from lms.common.bilingual import listed
from lms.common.watching import UnreadableFile, Watch

# What zipfile, expat and openpyxl raise on a file that is broken, or broken on purpose.
ZEROS = re.compile("0+")  # a format that shows 123 as 00123
BROKEN = (
    InvalidFileException, BadZipFile, SyntaxError, expat.ExpatError, zlib.error, struct.error, LookupError, ValueError, TypeError,
    AttributeError, ArithmeticError, RuntimeError, OSError, EOFError,
)  # fmt: skip
CHUNK = 64 * 1024


class Serial(str):
    """A number in a workbook that counts its days from 1904, as old Macs did. Read as a date, it is another day than in other workbooks."""

    @property
    def day(self):
        """The date that it is by that count, or None."""
        try:
            return from_excel(float(self), CALENDAR_MAC_1904).date()
        except (ValueError, OverflowError, AttributeError):
            return None


def values_of(content: bytes, watch: Watch) -> Iterator[list]:
    """The rows of a workbook's only visible sheet with anything in it, empty ones too. Raises `UnreadableFile`.

    A number that its format shows with zeros before it is text, as shown.
    """
    try:
        yield from _values(content, watch)
    except BROKEN as error:
        raise UnreadableFile(_("This Excel file is damaged and cannot be read. Save it again and retry.")) from error


def _values(content, watch):
    with ZipFile(io.BytesIO(content)) as archive:
        _check_archive(archive, watch)
        # The file as openpyxl reads it tells the watch of each piece, so that nothing in there goes on unseen.
        book = load_workbook(_Watched(content, watch), read_only=True, data_only=True, keep_links=False)
    read = partial(_shown, is_1904=book.epoch == CALENDAR_MAC_1904)
    for number, row in enumerate(_only_sheet(book, watch).iter_rows()):
        if number % 100 == 0:
            watch.look()
        yield [read(cell) for cell in row]


def _only_sheet(book, watch):
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in visible:
        sheet.reset_dimensions()  # some programs write a wrong size into the file, and rows would be lost
    filled = [sheet for sheet in visible if _holds_anything(sheet, watch)] if len(visible) > 1 else visible
    if len(filled) > 1:
        words = _("This Excel file has several sheets with something in them: %(names)s. Keep the one to be read and hide the others.")
        raise UnreadableFile(words % {"names": listed(f"“{sheet.title}”" for sheet in filled)})
    return (filled or visible or book.worksheets)[0]


def _holds_anything(sheet, watch):
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        if number % 100 == 0:
            watch.look()
        if any(value is not None and str(value).strip() for value in row):
            return True
    return False


def _shown(cell, is_1904):
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    width = len(cell.number_format) if ZEROS.fullmatch(cell.number_format or "") else 0
    if width > 1 and value == int(value) >= 0:
        return f"{int(value):0{width}d}"
    return Serial(int(value) if value == int(value) else value) if is_1904 else value


class _Watched(io.BytesIO):
    def __init__(self, content, watch):
        super().__init__(content)
        self._watch = watch

    def read(self, size=-1):
        self._watch.look()
        return super().read(size)


def _check_archive(archive, watch):
    """All parts, for openpyxl looks into each of the sheets, whichever is read."""
    parts = archive.infolist()
    if len(parts) > limits.ARCHIVE_PARTS or any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise _strange()
    if sum(part.file_size for part in parts) > limits.ARCHIVE_UNPACKED:
        raise _too_large(limits.ARCHIVE_UNPACKED)
    for part in parts:
        try:
            _Guard(watch).walk(archive, part)
        except expat.ExpatError:  # a picture, which nobody reads, or a broken part, which openpyxl finds if it needs it
            continue


class _Guard:
    """Walks one XML part as a stream and counts; keeps nothing."""

    def __init__(self, watch):
        self.watch = watch
        self.root = ""
        self.depth = self.loose = self.text = self.rows = self.row = self.cells = self.strings = 0

    def walk(self, archive, part):
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = self.start, self.end, self.characters
        unpacked = 0
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                self.watch.look()
                parser.Parse(chunk, False)
                unpacked += len(chunk)
                self._check_size(unpacked)
            parser.Parse(b"", True)

    def _check_size(self, unpacked):
        most = {"worksheet": limits.ARCHIVE_UNPACKED, "sst": limits.STRINGS_UNPACKED}.get(self.root, limits.PART_UNPACKED)
        if unpacked > most:
            raise _too_large(most)

    def start(self, tag, attributes):
        name = tag.rpartition(":")[2]
        self.root = self.root or name
        self.depth += 1
        self.loose += 1
        self.text = 0
        if self.depth > limits.XML_DEPTH or self.loose > limits.XML_LOOSE:
            raise _strange()
        if name == "c":
            self._cell(attributes.get("r"))
        elif name == "row":
            self._row(attributes.get("r"))

    def end(self, tag):
        self.depth -= 1
        name = tag.rpartition(":")[2]
        if name == "row" and self.root == "worksheet":
            self.loose = 0
        elif name == "si" and self.root == "sst":
            self.loose = 0
            self.strings += 1
            if self.strings > limits.STRINGS:
                raise _too_many_texts()

    def characters(self, text):
        self.text += len(text)
        if self.text > limits.CELL_TEXT:
            raise _too_long()

    def _row(self, said):
        # As openpyxl reads it: "2e9" is a number of a row, too.
        self.row = int(float(said)) if said else self.row + 1
        self.rows += 1
        self.cells = 0
        if max(self.row, self.rows) > limits.TABLE_ROWS:
            raise too_many_rows(max(self.row, self.rows))

    def _cell(self, said):
        self.cells += 1
        column = _column(said.rstrip("0123456789")) if said else 0
        if max(column, self.cells) > limits.TABLE_COLUMNS:
            raise too_many_columns()


@cache
def _known_column(letters):
    return column_index_from_string(letters)


def _column(letters):
    if not 0 < len(letters) <= 3:
        raise ValueError("not a column")
    return _known_column(letters.upper())


def _refuse_doctype(*_declaration):
    raise _strange()


def too_many_rows(row):
    words = _("There is a row %(row)d; at most %(most)d rows are read. Delete what stands far below the table, or split the file.")
    return UnreadableFile(words % {"row": min(row, 10**15), "most": limits.TABLE_ROWS})


def too_many_columns():
    words = _("There are more than %(most)d columns. Delete what stands to the right of the table, pasted or formatted by mistake.")
    return UnreadableFile(words % {"most": limits.TABLE_COLUMNS})


def _too_long():
    words = _("A cell holds more than %(most)d characters, which is no cell of a table. Shorten it and try again.")
    return UnreadableFile(words % {"most": limits.CELL_TEXT})


def _too_many_texts():
    words = _("This Excel file holds more than %(most)d different texts. Split it, or save it as CSV.")
    return UnreadableFile(words % {"most": limits.STRINGS})


def _too_large(most):
    words = _("This Excel file is too large when unpacked: a part of it is over %(most)d MB. Split it, or save it as CSV.")
    return UnreadableFile(words % {"most": most // limits.MEGABYTE})


def _strange():
    return UnreadableFile(_("This Excel file is built as no spreadsheet program builds one, so it is not read. Save it again from Excel."))
