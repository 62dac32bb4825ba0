"""Small inputs that failed once, kept outside this project: with each its right reading."""

from pathlib import Path

import pytest

from assessments.questions.kinds.number.kind import Number
from lms.common.spreadsheets import read_rows
from lms.people.importers.columns import find_columns, read_line

CASES = Path(__file__).parents[4] / "shared/fixtures/cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside this checkout")


def lines(name):
    head, *rows = read_rows((CASES / name).read_bytes(), name)
    columns = find_columns(head)
    return [read_line(row, columns.of(cells)) for row, cells in enumerate(rows, start=2)]


@pytest.mark.parametrize("name", ["control-character-name.csv", "zero-width-name.csv", "error-cell-as-name.xlsx"])
def test_a_name_that_is_none_is_refused_at_its_column(name):
    (line,) = lines(name)
    assert [column for column, _reason in line.problems] == ["name"]


def test_the_character_and_the_error_are_named():
    assert "U+0007" in lines("control-character-name.csv")[0].problems[0][1]
    assert "#N/A" in lines("error-cell-as-name.xlsx")[0].problems[0][1]


def test_a_number_is_read_as_its_format_shows_it():
    assert lines("number-00000-format.xlsx")[0].number == "00123"


def test_a_day_is_counted_as_its_workbook_counts():
    assert lines("serial-in-1904-workbook.xlsx")[0].hired_on.isoformat() == "2024-03-01"


def test_the_visible_sheet_is_read():
    assert [line.name for line in lines("hidden-first-sheet.xlsx")] == ["李四"]


def test_the_line_that_names_the_separator_is_no_row():
    assert [(line.row, line.number, line.problems) for line in lines("sep-line.csv")] == [(2, "Z015", [])]


def test_one_cut_byte_costs_one_row():
    whole, cut = lines("utf8-one-cut-byte.csv")
    assert (whole.number, whole.name, whole.problems) == ("Z013", "张三", [])
    assert (cut.number, [column for column, _reason in cut.problems]) == ("Z014", ["name"])


@pytest.mark.parametrize("given", ["4000", "4000元", "4,000 元", "¥4000", "4000 CNY", "4000 rmb", "４０００元"])
def test_money_is_read_with_its_name_in_either_language(given):
    assert Number().mark({"key": "4000", "tolerance": "0", "unit": "CNY"}, [given]) == 1


def test_the_unit_is_named_in_the_readers_language():
    content = {"unit": "CNY"}
    assert [Number().shown(content, language)["unit"] for language in ("zh-hans", "en")] == ["元", "CNY"]


def answers():
    if CASES.is_dir():
        for row in (CASES / "answers.tsv").read_text().splitlines()[1:]:
            unit, key, tolerance, given, wanted = row.split("\t")
            yield pytest.param(unit, key, tolerance, given.replace("\\u200b", "\u200b"), wanted, id=ascii(given))


@pytest.mark.parametrize(("unit", "key", "tolerance", "given", "wanted"), list(answers()))
def test_a_number_is_read_as_candidates_type_it(unit, key, tolerance, given, wanted):
    earned = Number().mark({"key": key, "tolerance": tolerance, "unit": unit}, [given])
    assert earned == (1 if wanted == "right" else 0)
