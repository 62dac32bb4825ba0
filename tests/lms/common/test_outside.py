import json
from contextlib import suppress
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from lms.common import limits
from lms.common.outside import DayField, NumberConverter, can_name_a_record, read_json, whole_number, whole_numbers

COLUMN = st.integers(0, 10**18 - 1)


@given(COLUMN)
def test_every_number_of_a_record_is_read_as_it_is_written(number):
    assert whole_number(str(number)) == number
    assert NumberConverter().to_python(NumberConverter().to_url(number)) == number


@given(st.text())
def test_no_text_makes_it_stumble_and_what_comes_out_fits_a_column(text):
    number = whole_number(text)
    assert number is None or 0 <= number < 2**63


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1_0", "1.0", "１２", "٣", "²", "1\x00", "9" * 19, "9" * 5000, None, 5])
def test_what_is_no_plain_number_is_none(text):
    assert whole_number(text) is None


def test_a_number_outside_its_range_is_none():
    assert [whole_number(text, 2000, 2100) for text in ("1999", "2000", "2100", "2101")] == [None, 2000, 2100, None]


def test_of_many_numbers_only_so_many_are_read():
    assert whole_numbers(["1", "x", "3", "4"], most=3) == [1, 3]
    assert len(whole_numbers(["1"] * 10_000)) == limits.MANY


@pytest.mark.parametrize("value", [0, 7, "a-course", "课程", "9" * 18])
def test_an_address_may_hold(value):
    assert can_name_a_record(value)


@pytest.mark.parametrize("value", [10**18, -(10**30), "9" * 19, "٣" * 5000, "a\x00b"])
def test_no_address_may_hold(value):
    assert not can_name_a_record(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=5), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


def depth_of(value):
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return 1 + max(map(depth_of, inner), default=0)


@given(JSON.filter(lambda value: depth_of(value) <= limits.JSON_DEPTH))
def test_json_within_the_bounds_is_read_as_it_is(value):
    assert read_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"9223372036854775808", b"9" * 5000, b'"\\u0000"', b'{"\\u0000": 1}',
        b'"\\ud800"', b'["\\udfff"]', b"[" * 11 + b"]" * 11, b"[" * 200_000, b"", b"{", b"\xff\xfe\xff", b" " * (limits.JSON_BODY + 1),
    ],
)  # fmt: skip
def test_poisoned_json_is_refused(body):
    with pytest.raises(ValueError, match=r"."):
        read_json(body)


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_else(body):
    with suppress(ValueError):
        assert depth_of(read_json(body)) <= limits.JSON_DEPTH


@pytest.mark.parametrize("day", ["0001-01-01", "1949-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_that_nobody_means_is_refused(day):
    with pytest.raises(ValidationError):
        DayField().clean(day)


@pytest.mark.parametrize("day", ["1950-01-01", "2026-11-26", "2100-12-31"])
def test_a_day_that_someone_may_mean_is_taken(day):
    assert DayField().clean(day) == date.fromisoformat(day)
