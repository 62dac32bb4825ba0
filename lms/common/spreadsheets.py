"""Reading and writing CSV and Excel: any usual encoding in, no formula out, flat memory both ways."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from charset_normalizer import from_bytes
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.encoding import force_str
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment

from lms.common import limits
from lms.common.bilingual import gettext as _
from lms.common.typed import REPLACED, control_of, shown
from lms.common.watching import UnreadableFile, Watch
from lms.common.workbooks import Serial, too_many_columns, too_many_rows, values_of

__all__ = ["UnreadableFile", "csv_bytes", "read_rows", "safe", "table_response", "write_table", "xlsx_bytes"]

# The wide ones too: a spreadsheet in Chinese reads them as the narrow.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
SEPARATOR = re.compile(r"\ufeff?\"?sep=([,;\t|])\"?(?:\r\n|\r|\n|$)", re.IGNORECASE)
SAMPLE = 200_000  # bytes that tell an encoding
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read_rows(content: bytes, name: str, beat: Callable[[], None] | None = None) -> Iterator[list[str]]:
    """The rows of a CSV or XLSX file as lists of trimmed text, dates as YYYY-MM-DD. Raises `UnreadableFile`.

    Stops at the bounds of `lms.common.limits`. `beat` is called again and again meanwhile; what it raises ends the reading.
    """
    watch = Watch(beat)
    if len(content) > limits.TABLE_FILE:
        words = _("This file is larger than %(most)d MB. Split it and import the parts one after the other.")
        raise UnreadableFile(words % {"most": limits.TABLE_FILE // limits.MEGABYTE})
    if content[:4] == b"PK\x03\x04":
        return ([_cell_text(value) for value in row] for row in values_of(content, watch))
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise UnreadableFile(_("This is an old Excel file (.xls). Save it as .xlsx or CSV and try again."))
    return _csv_rows(content, watch)


def _cell_text(value):
    if value is None:
        return ""
    if isinstance(value, Serial):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _unescaped(str(value).strip())


def _unescaped(text):
    """Text without the apostrophe that `safe` put before what looked like a formula, so that an export can be read back."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def _csv_rows(content, watch):
    text, delimiter = _separated(decode(content))
    lines = _Lines(text)
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            lines.length = 0
            if number % 500 == 1:
                watch.look()
            if number > limits.TABLE_ROWS:
                raise too_many_rows(number)
            if len(row) > limits.TABLE_COLUMNS:
                raise too_many_columns()
            yield [_unescaped(value.strip()) for value in row]
    except csv.Error as error:
        raise UnreadableFile(_("This is not a table that can be read. Save it as “CSV UTF-8” or as Excel (.xlsx).")) from error


def _separated(text):
    """The text and what separates its cells. The line `sep=;` that Excel writes for itself says it, and leaves its line empty."""
    if told := SEPARATOR.match(text):
        return text[told.end() :], told.group(1)
    first = text[: text.find("\n") + 1] or text
    return text, max(",;\t", key=first.count)


class _Lines:
    """The lines of a text, as long as those of one row are no longer than a row may be: an open quotation mark would take them all."""

    def __init__(self, text):
        self._lines = io.StringIO(text, newline="")
        self.length = 0  # of the row that is being read

    def __iter__(self):
        return self

    def __next__(self):
        line = self._lines.readline(limits.CSV_ROW + 1)
        self.length += len(line)
        if self.length > limits.CSV_ROW:
            raise UnreadableFile(
                _(
                    "A row of this file is longer than %(most)d characters: lines do not end, or a quotation mark is never closed. "
                    "Save it as “CSV UTF-8” or as Excel (.xlsx)."
                )
                % {"most": limits.CSV_ROW}
            )
        if not line:
            raise StopIteration
        return line


def decode(content: bytes) -> str:
    """Text of a CSV file: UTF-8 (with or without mark), UTF-16, GB 18030 (which covers GBK), Windows-1252, else as best can be told."""
    if _is_cut_utf8(content):
        return content.decode("utf-8-sig", "replace")
    for encoding in _likely_encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    best = from_bytes(content[:SAMPLE]).best()
    text = content.decode(best.encoding, "replace") if best else "\x00"
    if "\x00" in text:
        raise UnreadableFile(_("The text encoding of this file cannot be told. Save it as “CSV UTF-8” or as Excel (.xlsx)."))
    return text


def _is_cut_utf8(content):
    """Whether this is UTF-8 but for a byte here and there: to guess another encoding would turn every name into nonsense.

    Of bytes above ASCII in another encoding, hardly any come as UTF-8 would have them.
    """
    if b"\x00" in content[:200]:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", "replace")
    else:
        return False
    wrong = text.count(REPLACED)
    return sum(sign > "\x7f" for sign in text) - wrong > 2 * wrong


def _likely_encodings(content):
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ["utf-16"]
    if b"\x00" in content[:200]:
        return ["utf-16-le", "utf-16-be"] if content[1:200:2].count(0) > content[0:200:2].count(0) else ["utf-16-be", "utf-16-le"]
    return ["utf-8-sig", "gb18030", "cp1252"] if _reads_as_chinese(content) else ["utf-8-sig", "cp1252"]


def _reads_as_chinese(content):
    """Whether bytes above ASCII come in pairs, as in GBK, rather than alone between letters, as in Western encodings."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", content[:SAMPLE])]
    return sum(run for run in runs if run > 1) >= sum(run for run in runs if run == 1)


def safe(value):
    """A value for a cell: text that a spreadsheet would take for a formula gets an apostrophe before it, and a control character,
    which Excel's files cannot hold, is shown as its picture."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    if value is None or isinstance(value, (bool, int, float, date, datetime)):
        return value
    if hasattr(value, "as_tuple"):  # Decimal
        return value
    text = shown(force_str(value))
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def poison_of(values):
    """(place, why) of each of a row's values that no file can hold as it is; it is written as the picture of itself."""
    for place, value in enumerate(values):
        if isinstance(value, str) and (sign := control_of(value)):
            words = _("There is a control character in it (%(sign)s), which is shown here as its picture. Correct it where it is kept.")
            yield place, words % {"sign": sign}


def csv_bytes(header: list, rows: Iterable[list]) -> bytes:
    return b"".join(_csv_lines(header, rows))


def _csv_lines(header, rows):
    line = io.StringIO()
    writer = csv.writer(line)
    yield b"\xef\xbb\xbf"  # Excel takes the file for UTF-8 only with the mark
    writer.writerow([safe(value) for value in header])
    for row in rows:
        writer.writerow(["" if value is None else safe(value) for value in row])
        if line.tell() > 32_000:
            yield line.getvalue().encode()
            line.seek(0)
            line.truncate()
    yield line.getvalue().encode()


def xlsx_bytes(header: list, rows: Iterable[list], title: str = "") -> bytes:
    content = io.BytesIO()
    _write_xlsx(content, header, rows, title)
    return content.getvalue()


def _write_xlsx(file, header, rows, title=""):
    book = Workbook(write_only=True)
    sheet = book.create_sheet(force_str(title)[:31] or None)
    sheet.freeze_panes = "A2"
    sheet.append([safe(value) for value in header])
    for row in rows:
        sheet.append(_cells(sheet, row))
    book.save(file)


def _cells(sheet, row):
    """What stands for a value that no file can hold says so in a comment of its own."""
    cells = [safe(value) for value in row]
    for place, why in poison_of(row):
        cells[place] = WriteOnlyCell(sheet, cells[place])
        cells[place].comment = Comment(why, "Pitlane")
    return cells


def write_table(kind: str, file, header: list, rows: Iterable[list]):
    """Write a table into a binary file; neither kind holds all rows in memory."""
    if kind == "csv":
        file.writelines(_csv_lines(header, rows))
    else:
        _write_xlsx(file, header, rows)


def _as_the_reader(lines):
    """The lines in the language and time zone of now: they are asked for when the request, and what it had set, is over."""
    return _in(translation.get_language(), timezone.get_current_timezone(), iter(lines))


def _in(language, zone, lines):
    while True:
        with translation.override(language), timezone.override(zone):
            line = next(lines, None)
        if line is None:
            return
        yield line


def table_response(kind: str, name: str, header: list, rows: Iterable[list]):
    """A download of a table: `kind` is "csv" or "xlsx", `name` the file name without its ending."""
    if kind == "csv":
        response = StreamingHttpResponse(_as_the_reader(_csv_lines(header, rows)), content_type="text/csv; charset=utf-8")
    else:
        response = StreamingHttpResponse([xlsx_bytes(header, rows)], content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
