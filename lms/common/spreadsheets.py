"""Reading and writing CSV and Excel: any usual encoding in, no formula out, flat memory both ways."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from charset_normalizer import from_bytes
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from lms.common.states import Refused

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MOST_UNPACKED = 300 * 1024 * 1024
UNREADABLE = (InvalidFileException, BadZipFile, ParseError, KeyError, IndexError, ValueError, TypeError, OSError, EOFError)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UnreadableFile(Refused):
    """The file is not a table that can be read; the message says what is wrong and what would be right."""


def read_rows(content: bytes, name: str) -> Iterator[list[str]]:
    """The rows of a CSV or XLSX file as lists of trimmed text, dates as YYYY-MM-DD. Raises `UnreadableFile`."""
    if content[:4] == b"PK\x03\x04":
        return _excel_rows(content)
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise UnreadableFile(_("This is an old Excel file (.xls). Save it as .xlsx or CSV and try again."))
    return _csv_rows(content)


def _excel_rows(content):
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > MOST_UNPACKED:
            raise UnreadableFile(_("This Excel file is too large when unpacked. Split it, or save it as CSV."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size into the file, and rows would be lost
        for row in sheet.iter_rows(values_only=True):
            yield [_cell_text(value) for value in row]
    except UNREADABLE as error:
        raise UnreadableFile(_("This Excel file is damaged and cannot be read. Save it again and retry.")) from error


def _cell_text(value):
    if value is None:
        return ""
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


def _csv_rows(content):
    text = decode(content)
    first = text[: text.find("\n") + 1] or text
    delimiter = max(",;\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [_unescaped(value.strip()) for value in row]
    except csv.Error as error:
        raise UnreadableFile(_("This is not a table that can be read. Save it as “CSV UTF-8” or as Excel (.xlsx).")) from error


def decode(content: bytes) -> str:
    """Text of a CSV file: UTF-8 (with or without mark), UTF-16, GB 18030 (which covers GBK), Windows-1252, else as best can be told."""
    for encoding in _likely_encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    best = from_bytes(content).best()
    if best is None or "\x00" in str(best):
        raise UnreadableFile(_("The text encoding of this file cannot be told. Save it as “CSV UTF-8” or as Excel (.xlsx)."))
    return str(best)


def _likely_encodings(content):
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ["utf-16"]
    if b"\x00" in content[:200]:
        return ["utf-16-le", "utf-16-be"] if content[1:200:2].count(0) > content[0:200:2].count(0) else ["utf-16-be", "utf-16-le"]
    return ["utf-8-sig", "gb18030", "cp1252"] if _reads_as_chinese(content) else ["utf-8-sig", "cp1252"]


def _reads_as_chinese(content):
    """Whether bytes above ASCII come in pairs, as in GBK, rather than alone between letters, as in Western encodings."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", content[:200_000])]
    return sum(run for run in runs if run > 1) >= sum(run for run in runs if run == 1)


def safe(value):
    """A value for a cell: text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    if value is None or isinstance(value, (bool, int, float, date, datetime)):
        return value
    if hasattr(value, "as_tuple"):  # Decimal
        return value
    text = force_str(value)
    return "'" + text if text.startswith(FORMULA_STARTS) else text


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
        sheet.append([safe(value) for value in row])
    book.save(file)


def write_table(kind: str, file, header: list, rows: Iterable[list]):
    """Write a table into a binary file; neither kind holds all rows in memory."""
    if kind == "csv":
        file.writelines(_csv_lines(header, rows))
    else:
        _write_xlsx(file, header, rows)


def table_response(kind: str, name: str, header: list, rows: Iterable[list]):
    """A download of a table: `kind` is "csv" or "xlsx", `name` the file name without its ending."""
    if kind == "csv":
        response = StreamingHttpResponse(_csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    else:
        response = StreamingHttpResponse([xlsx_bytes(header, rows)], content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
