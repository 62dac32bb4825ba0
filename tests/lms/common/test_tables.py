"""Tables that people fill in: which column is which, what a cell can be, and the rows with their numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.common.spreadsheets import UnreadableFile, csv_bytes, xlsx_bytes
from lms.common.tables import Heads, Outcome, day_of, key_of, table_of, why_not_cell, why_not_day
from tests.each import each

HEADS = Heads(
    {"code": ["学号", "student code", "code"], "on": ["日期", "date"], "name": ["姓名", "name"]}, required=("code", "name"), days={"on"}
)


def opened(content):
    return table_of(content, "a.csv", HEADS, empty="nothing in it")


@pytest.mark.parametrize("header", ["学号", " 学 号*", "学号（代码）", "学号:"])
def test_a_column_is_known_however_it_is_dressed(header):
    assert HEADS.find([header]).places == {"code": 0}


def test_the_better_name_wins_and_what_means_nothing_is_named():
    found = HEADS.find(["code", "Student Code", "Colour"])
    assert (found.places, found.labels, found.unread, found.missing) == ({"code": 1}, {"code": "Student Code"}, ["Colour"], ["name"])


@pytest.mark.parametrize("kind", [csv_bytes, xlsx_bytes])
def test_rows_keep_the_number_that_a_spreadsheet_shows_and_empty_ones_are_passed_over(kind):
    content = kind(["学号", "姓名", "日期"], [["1", "李明", "2024-03-01"], ["", "", ""], ["2", "王芳", ""]])
    with opened(content) as table:
        assert list(table.rows()) == [
            [2, {"code": "1", "name": "李明", "on": "2024-03-01"}],
            [4, {"code": "2", "name": "王芳", "on": ""}],
        ]
        assert [len(batch) for batch in each(table.batches(1))] == [1, 1]
        assert table.total == 2


def test_a_file_without_anything_and_one_with_a_title_above_its_head_say_so():
    with pytest.raises(UnreadableFile, match="nothing in it"), opened(b""):
        pass
    with pytest.raises(UnreadableFile, match="2"), opened(csv_bytes(["2026 名单"], [["学号", "姓名"], ["1", "李明"]])):
        pass


def test_a_column_that_must_stand_is_missed_at_the_row_of_the_heads():
    outcome = Outcome()
    with opened(csv_bytes(["学号"], [["1"]])) as table:
        assert outcome.miss(table, str.upper)
    assert [(one["row"], one["column"]) for one in outcome.refused] == [(1, "NAME")]
    assert outcome.as_dict()["created"] == 0


@pytest.mark.parametrize(
    ("cell", "needed", "is_right"),
    [("x", True, True), ("", True, False), ("", False, True), ("#N/A", False, False), ("a\x07b", False, False)],
)
def test_a_cell_is_refused_for_what_it_holds_or_lacks(cell, needed, is_right):
    assert (why_not_cell(cell, needed=needed) == "") == is_right


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_a_day_is_read_in_every_shape_that_is_common_and_in_no_shape_that_could_be_two(day):
    shapes = [day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%Y}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f"{day} 08:30:00"]
    assert {day_of(shape) for shape in shapes} == {day}
    assert day_of(f"{day:%d/%m/%Y}") is None
    assert why_not_day(day.isoformat(), day) == ""


def test_a_day_far_off_is_no_day_of_ours():
    assert why_not_day("1066-10-14", date(1066, 10, 14))
    assert why_not_day("yesterday", None)
    assert key_of("Student_Code (LJ)") == "student code"
