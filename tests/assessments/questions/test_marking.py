from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from assessments.questions.marking import describe, face, is_answered, mark, number_of

WORDS = {"stem": {"zh": "题干", "en": "Stem"}, "explanation": {"zh": "解释", "en": "Because"}}
OPTIONS = [{"id": str(n), "zh": f"选项{n}", "en": f"Option {n}"} for n in range(1, 6)]
SINGLE = {"kind": "single", **WORDS, "options": OPTIONS, "key": ["2"]}
MULTIPLE = {"kind": "multiple", **WORDS, "options": OPTIONS, "key": ["1", "3"]}
TRUE = {"kind": "truefalse", **WORDS, "key": True}
FALSE = {"kind": "truefalse", **WORDS, "key": False}
NUMBER = {"kind": "number", **WORDS, "key": "1.6", "tolerance": "0.1", "unit": "mm"}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.sampled_from([SINGLE, MULTIPLE, TRUE, FALSE, NUMBER, {"kind": "essay", **WORDS}]), anything)
def test_whatever_is_sent_is_marked_with_none_or_all_of_the_points(content, response):
    assert mark(content, response) in {Decimal(0), Decimal(1)}


@given(st.sets(st.sampled_from("12345")))
def test_a_multiple_choice_is_right_only_with_exactly_the_right_set(chosen):
    assert mark(MULTIPLE, sorted(chosen)) == (chosen == {"1", "3"})


@given(st.sampled_from("12345"))
def test_a_single_choice_is_right_with_the_one_right_option(chosen):
    assert mark(SINGLE, chosen) == (chosen == "2")
    assert mark(SINGLE, [chosen]) == (chosen == "2")


@pytest.mark.parametrize(
    ("content", "right", "wrong"), [(TRUE, True, False), (FALSE, False, True), (TRUE, "true", "false"), (FALSE, "false", "true")]
)
def test_true_or_false_is_marked_whether_it_comes_from_a_script_or_a_form(content, right, wrong):
    assert mark(content, right) == 1
    assert mark(content, wrong) == 0


def test_numbers_and_truth_values_are_not_taken_for_one_another():
    assert mark(TRUE, 1) == 0
    assert mark({**NUMBER, "key": "1"}, True) == 0


@given(
    st.decimals(min_value=-1000, max_value=1000, places=3),
    st.decimals(min_value=0, max_value=10, places=3),
    st.decimals(min_value=-20, max_value=20, places=3),
)
def test_the_tolerance_of_a_number_includes_its_ends(key, tolerance, off):
    content = {**NUMBER, "key": str(key), "tolerance": str(tolerance), "unit": ""}
    assert mark(content, f"{key + off:f}") == (abs(off) <= tolerance)


@pytest.mark.parametrize("typed", ["1.6", "1,6", "１．６", "１，６", " 1.6 mm", "1.6mm", "1.6 MM", "１．６ｍｍ", "+1.6", "1.60", 1.6])
def test_a_number_may_be_typed_the_way_people_type(typed):
    assert mark(NUMBER, typed) == 1


@pytest.mark.parametrize(
    "typed", ["", "mm", "1.6 cm", "1.6.0", "1,6,0", "1e0", "nan", "inf", "１６０", "1/6", "一点六", "1" * 60, None, [], {}, [1.6]]
)
def test_what_is_no_such_number_earns_nothing(typed):
    assert mark(NUMBER, typed) == 0


@pytest.mark.parametrize(
    ("typed", "read"), [("1,200", "1200"), ("12,345,678.5", "12345678.5"), ("0,500", "0.500"), ("−3", "-3"), (".5", "0.5"), ("5.", "5")]
)
def test_commas_part_thousands_where_they_can_and_else_decimals(typed, read):
    assert number_of(typed) == Decimal(read)


def test_a_unit_may_be_written_with_another_sign_of_the_same_meaning():
    assert number_of("20 ℃", "°C") == 20
    assert number_of("4.7 \u2126", "\u03a9") == Decimal("4.7")


@pytest.mark.parametrize(
    ("response", "answered"), [(None, False), ("", False), ("  ", False), ([], False), (False, True), ("0", True), (["1"], True), (0, True)]
)
def test_false_is_an_answer_and_a_blank_is_none(response, answered):
    assert is_answered(response) is answered


@given(st.permutations("12345"), st.sampled_from([SINGLE, MULTIPLE]))
def test_the_face_shows_all_options_in_the_order_asked_for_and_tells_nothing(order, content):
    shown = face(content, "en", order)
    assert [option["id"] for option in shown["options"]] == list(order)
    assert set(shown) == {"kind", "stem", "unit", "options"}
    assert {key for option in shown["options"] for key in option} == {"id", "text"}


def test_a_question_is_shown_in_the_language_asked_for_or_in_the_other_where_that_is_missing():
    assert face(SINGLE, "zh-hans")["stem"] == "题干"
    assert face(SINGLE, "en")["stem"] == "Stem"
    assert face({**SINGLE, "stem": {"zh": "题干", "en": ""}}, "en")["stem"] == "题干"


def test_a_description_says_what_was_right_what_was_chosen_and_why():
    with translation.override("en"):
        shown = describe(MULTIPLE, "en", ["3", "1", "2", "4", "5"], ["2", "3"])
        assert shown["answer"] == "Option 3 · Option 1"
        assert shown["response"] == "Option 3 · Option 2"
        assert shown["explanation"] == "Because"
        assert [(o["id"], o["right"], o["chosen"]) for o in shown["options"][:3]] == [
            ("3", True, True),
            ("1", True, False),
            ("2", False, True),
        ]
        assert describe(TRUE, "en", response=False)["answer"] == "True"
        assert describe(TRUE, "en", response=False)["response"] == "False"
        assert describe(NUMBER, "en", response="1,5")["answer"] == "1.6 mm"
        assert describe(NUMBER, "en", response="1,5")["response"] == "1,5 mm"
        assert describe(NUMBER, "en", response=None)["response"] == ""
        assert describe(SINGLE, "en", response={"odd": 1})["response"] == ""
