import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lms.common.spreadsheets import UnreadableFile, csv_bytes, decode, read_rows, safe, table_response, xlsx_bytes

WRITERS = {"csv": csv_bytes, "xlsx": xlsx_bytes}
# Line ends are a spreadsheet's own; an apostrophe that someone typed before a formula sign is taken for ours.
CELLS = st.text(st.characters(exclude_categories=["C"], exclude_characters="\x85\u2028\u2029'"), max_size=20).map(str.strip)


@pytest.mark.parametrize("kind", WRITERS)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_what_is_written_is_read_back(kind, rows):
    content = WRITERS[kind](["名称", "name"], [list(row) for row in rows])
    back = [[*row, "", ""][:2] for row in read_rows(content, f"x.{kind}")][1:]
    assert [row for row in back if any(row)] == [list(row) for row in rows if any(row)]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-5", "@SUM(A1)", "\tx", "\n=1", '=HYPERLINK("http://x")', "＝1+1", "＋1", "－1", "＠SUM(A1)"]
)
def test_no_text_becomes_a_formula(text):
    assert safe(text).startswith("'")
    assert next(csv.reader(io.StringIO(csv_bytes([text], []).decode("utf-8-sig"))))[0].startswith("'")
    cell = load_workbook(io.BytesIO(xlsx_bytes(["a"], [[text]]))).active["A2"]
    assert (cell.data_type, cell.value[0]) == ("s", "'")


def test_numbers_and_dates_stay_numbers_and_dates():
    content = xlsx_bytes(["n", "d", "money"], [[-5, date(2024, 3, 1), Decimal("5400.50")]])
    assert [cell.value for cell in load_workbook(io.BytesIO(content)).active[2]] == [-5, datetime(2024, 3, 1), 5400.5]
    assert list(read_rows(content, "x.xlsx"))[1] == ["-5", "2024-03-01", "5400.5"]


CHINESE = "工号,姓名\n1001,王喆\n1002,朱镕\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
def test_chinese_text_is_told_from_its_bytes(encoding):
    assert decode(CHINESE.encode(encoding)).lstrip("\ufeff") == CHINESE


@pytest.mark.parametrize("name", ["Zoë Müller", "François Lefèvre", "Jürgen Groß", "José Peña"])
def test_western_text_is_not_taken_for_chinese(name):
    assert decode(f"number,name\n1001,{name}\n".encode("cp1252")) == f"number,name\n1001,{name}\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_usual_separators_are_told_apart(delimiter):
    assert list(read_rows(f"a{delimiter}b\n1{delimiter}2\n".encode(), "x.csv")) == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old .xls", xlsx_bytes(["a"], [["b"]])[:200], b'"' + b"x" * 200_000],
)
def test_what_is_no_table_is_refused_with_a_sentence(content):
    with pytest.raises(UnreadableFile, match=r"\w{2,}"):
        list(read_rows(content, "x"))


def test_an_excel_file_that_states_a_wrong_size_is_read_whole():
    import re
    import zipfile

    content, changed = xlsx_bytes(["a", "b"], [["1", "2"], ["3", "4"]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                data = re.sub(rb"(<worksheet[^>]*>)", rb'\1<dimension ref="A1"/>', data)
            new.writestr(part.filename, data)
    assert list(read_rows(changed.getvalue(), "x.xlsx")) == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_a_streamed_table_is_in_the_language_and_zone_of_its_reader_though_the_request_is_over():
    moment = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)

    def rows():
        for _number in range(2):
            yield [str(gettext("Name")), timezone.localtime(moment).hour]

    with translation.override("zh-hans"), timezone.override("Asia/Shanghai"):
        response = table_response("csv", "people", ["head"], rows())
    with translation.override("en"), timezone.override("UTC"):
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        assert translation.get_language() == "en"
    assert lines == ["head", "姓名,7", "姓名,7"]
