from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from assessments.questions.kinds.number.kind import number_of
from assessments.questions.kinds.registry import kind_of, kinds
from assessments.questions.kinds.response import response_of
from assessments.questions.marking import asked, mark, note, solved
from tests.each import each

WORDS = {"stem": {"zh": "题干", "en": "Stem"}, "explanation": {"zh": "解释", "en": "Because"}}
OPTIONS = [{"id": str(n), "zh": f"选项{n}", "en": f"Option {n}"} for n in range(1, 6)]
SINGLE = {"kind": "single", **WORDS, "options": OPTIONS, "key": ["2"]}
MULTIPLE = {"kind": "multiple", **WORDS, "options": OPTIONS, "key": ["1", "3"]}
TRUE = {"kind": "truefalse", **WORDS, "key": True}
FALSE = {"kind": "truefalse", **WORDS, "key": False}
NUMBER = {"kind": "number", **WORDS, "key": "1.6", "tolerance": "0.1", "unit": "mm"}
CONTENTS = [SINGLE, MULTIPLE, TRUE, FALSE, NUMBER]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
each_kind = pytest.mark.parametrize("content", CONTENTS, ids=lambda content: f"{content['kind']}-{content['key']}")


# -- one shape for every response


@given(anything)
def test_whatever_is_sent_is_a_list_of_texts_or_nothing_or_refused(raw):
    try:
        response = response_of(raw)
    except ValueError:
        return
    assert response is None or ([type(text) for text in response] == [str] * len(response) and any(response))


@given(st.lists(st.text()))
def test_a_response_that_is_read_again_stays_the_same(texts):
    response = response_of(texts)
    assert response_of(response) == response


@pytest.mark.parametrize(
    ("raw", "response"),
    [
        ("2", ["2"]), (["3", "1"], ["3", "1"]), (True, ["true"]), (False, ["false"]), ("true", ["true"]), (3.2, ["3.2"]), (0, ["0"]),
        (" 3.2 mm ", ["3.2 mm"]), (["", "disc"], ["", "disc"]), (None, None), ("", None), ("  ", None), ([], None), ([""], None), ([None], None),
    ],
)  # fmt: skip
def test_a_form_and_a_script_and_version_0_1_give_the_same_response(raw, response):
    assert response_of(raw) == response


@pytest.mark.parametrize("raw", [{"odd": 1}, [["1"]], [{}], ["1", None, ["2"]]])
def test_what_is_not_made_of_texts_is_no_response(raw):
    with pytest.raises(ValueError, match="texts"):
        response_of(raw)


# -- marking


@given(st.sampled_from(CONTENTS), st.lists(st.text() | st.sampled_from(["1", "2", "3", "true", "1.6"])))
def test_whatever_is_given_earns_a_share_from_none_to_all(content, texts):
    assert 0 <= mark(content, response_of(texts)) <= 1


@each_kind
def test_every_kind_tells_a_response_that_earns_all_and_some_that_earn_nothing(content):
    kind = kind_of(content)
    assert mark(content, kind.right(content)) == Fraction(1)
    assert not note(content, kind.right(content))
    for wrong in each(kind.wrong(content)):
        assert response_of(wrong) == wrong
        assert mark(content, wrong) == Fraction(0)


@each_kind
def test_nothing_given_earns_nothing(content):
    assert mark(content, None) == 0
    assert note(content, None) == ""


def test_a_multiple_choice_of_one_right_option_has_a_wrong_response_too():
    content = {**MULTIPLE, "key": ["2"]}
    assert mark(content, kind_of(content).wrong(content)[0]) == 0


@given(st.sets(st.sampled_from("12345")))
def test_a_multiple_choice_is_right_only_with_exactly_the_right_set(chosen):
    assert mark(MULTIPLE, sorted(chosen)) == (chosen == {"1", "3"})


def test_all_or_nothing_is_said_before_one_answers():
    with translation.override("en"):
        assert "All or nothing" in asked(MULTIPLE, "en")["hint"]
        assert asked(SINGLE, "en")["hint"] == ""


@given(st.sampled_from("12345"))
def test_a_single_choice_is_right_with_the_one_right_option(chosen):
    assert mark(SINGLE, [chosen]) == (chosen == "2")


@pytest.mark.parametrize(("content", "right", "wrong"), [(TRUE, "true", "false"), (FALSE, "false", "true")])
def test_a_statement_is_true_or_false(content, right, wrong):
    assert mark(content, [right]) == 1
    assert mark(content, [wrong]) == 0


def test_numbers_and_truth_values_are_not_taken_for_one_another():
    assert mark(TRUE, ["1"]) == 0
    assert mark({**NUMBER, "key": "1"}, ["true"]) == 0


@given(
    st.decimals(min_value=-1000, max_value=1000, places=3),
    st.decimals(min_value=0, max_value=10, places=3),
    st.decimals(min_value=-20, max_value=20, places=3),
)
def test_the_tolerance_of_a_number_includes_its_ends(key, tolerance, off):
    content = {**NUMBER, "key": str(key), "tolerance": str(tolerance), "unit": ""}
    assert mark(content, [f"{key + off:f}"]) == (abs(off) <= tolerance)


@pytest.mark.parametrize("typed", ["1.6", "1,6", "１．６", "１，６", "1.6 mm", "1.6mm", "1.6 MM", "１．６ｍｍ", "+1.6", "1.60"])
def test_a_number_may_be_typed_the_way_people_type(typed):
    assert mark(NUMBER, [typed]) == 1
    assert note(NUMBER, [typed]) == ""


@pytest.mark.parametrize("typed", ["abc", "mm", "1.6 cm", "1.6.0", "1,6,0", "1e0", "nan", "inf", "1/6", "一点六", "1" * 60])
def test_what_is_no_number_earns_nothing_and_is_said_while_it_can_be_mended(typed):
    assert mark(NUMBER, [typed]) == 0
    with translation.override("en"):
        assert typed[:40] in note(NUMBER, [typed])
        assert "no number" in note(NUMBER, [typed])


def test_a_wrong_number_is_marked_and_not_remarked_upon():
    assert mark(NUMBER, ["１６０"]) == 0
    assert note(NUMBER, ["１６０"]) == ""


@pytest.mark.parametrize(
    ("typed", "read"), [("1,200", "1200"), ("12,345,678.5", "12345678.5"), ("0,500", "0.500"), ("−3", "-3"), (".5", "0.5"), ("5.", "5")]
)
def test_commas_part_thousands_where_they_can_and_else_decimals(typed, read):
    assert number_of(typed) == Decimal(read)


def test_a_unit_may_be_written_with_another_sign_of_the_same_meaning():
    assert number_of("20 ℃", "°C") == 20
    assert number_of("4.7 \u2126", "\u03a9") == Decimal("4.7")


# -- showing


@given(st.permutations("12345"), st.sampled_from([SINGLE, MULTIPLE]))
def test_the_candidate_sees_all_options_in_the_order_asked_for_and_is_told_nothing(order, content):
    shown = asked(content, "en", order=order)
    assert [option["id"] for option in shown["options"]] == list(order)
    assert {name for option in shown["options"] for name in option} == {"id", "text", "chosen"}


@each_kind
def test_no_kind_tells_the_candidate_the_key(content):
    shown = asked({**content, "key": ["secret"]}, "en", response=["1"], name="a1")
    assert {"key", "explanation", "answer", "tolerance", "right"}.isdisjoint(shown)
    assert "secret" not in str(shown)


def test_a_question_is_shown_in_the_language_asked_for_or_in_the_other_where_that_is_missing():
    assert asked(SINGLE, "zh-hans")["stem"] == "题干"
    assert asked(SINGLE, "en")["stem"] == "Stem"
    assert asked({**SINGLE, "stem": {"zh": "题干", "en": ""}}, "en")["stem"] == "题干"


def test_a_solution_says_what_was_right_what_was_chosen_and_why():
    with translation.override("en"):
        shown = solved(MULTIPLE, "en", order=["3", "1", "2", "4", "5"], response=["2", "3"])
        assert (shown["answer"], shown["given"], shown["explanation"]) == ("Option 1 · Option 3", "Option 2 · Option 3", "Because")
        assert [(o["id"], o["right"], o["chosen"]) for o in shown["options"][:3]] == [
            ("3", True, True),
            ("1", True, False),
            ("2", False, True),
        ]
        assert (solved(TRUE, "en", response=["false"])["answer"], solved(TRUE, "en", response=["false"])["given"]) == ("True", "False")
        assert solved(NUMBER, "en", response=["1,5"])["answer"] == "1.6 mm (± 0.1)"
        assert solved(NUMBER, "en", response=["1,5"])["given"] == "1,5 mm"
        assert solved(NUMBER, "en", response=None)["given"] == ""


def test_every_kind_has_a_rule_of_its_own_by_which_it_marks():
    rules = [kind.rule for kind in kinds()]
    assert all(rules)
    assert len(set(rules)) == len(rules)
