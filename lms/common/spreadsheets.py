"""Reading and writing CSV and Excel: any usual encoding in, no formula out, flat memory both ways."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from charset_normalizer import from_bytes
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from lms.common.states import Refused

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
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
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UnreadableFile(_("This Excel file is damaged and cannot be read. Save it again and retry.")) from error
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield [_cell_text(value) for value in row]


def _cell_text(value):
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _csv_rows(content):
    text = decode(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield [value.strip() for value in row]


def decode(content: bytes) -> str:
    """Text of a CSV file in UTF-8 (with or without mark), UTF-16 or GB 18030 (which covers GBK), else as best can be told."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    best = from_bytes(content).best()
    if best is None or "\x00" in str(best):
        raise UnreadableFile(_("The text encoding of this file cannot be told. Save it as “CSV UTF-8” or as Excel (.xlsx)."))
    return str(best)


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
    book = Workbook(write_only=True)
    sheet = book.create_sheet(force_str(title)[:31] or None)
    sheet.freeze_panes = "A2"
    sheet.append([safe(value) for value in header])
    for row in rows:
        sheet.append([safe(value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def table_response(kind: str, name: str, header: list, rows: Iterable[list]):
    """A download of a table: `kind` is "csv" or "xlsx", `name` the file name without its ending."""
    if kind == "csv":
        response = StreamingHttpResponse(_csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    else:
        response = StreamingHttpResponse([xlsx_bytes(header, rows)], content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
