"""How much a reflection says: what is repeated counts once (T6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.training.prose import ALIKE, length_of, said_in
from tests.factories import ENOUGH

words = st.text(alphabet=st.characters(codec="utf-8"), max_size=120)


@given(words)
def test_nothing_says_more_than_it_is_long(text):
    assert 0 <= said_in(text) <= length_of(text)


@given(words, st.integers(2, 15))
def test_saying_it_again_adds_no_more_than_the_seams(text, times):
    assert said_in(text * times) <= said_in(text) + ALIKE - 1


@given(words, words)
def test_what_is_added_never_takes_away(text, more):
    assert said_in(text) <= said_in(text + more)


@given(words)
def test_spaces_and_line_ends_say_nothing(text):
    assert said_in("\n".join(text)) == said_in(text)


@given(st.integers(0, 400))
def test_a_text_without_repetition_has_its_whole_length(length):
    text = "".join(chr(0x4E00 + number) for number in range(length))
    assert said_in(text) == length_of(text) == length


@pytest.mark.parametrize("sentence", ["先听完，再回答。", "I listen first and answer then. ", "。"])
def test_one_sentence_repeated_twelve_times_says_little_more_than_once(sentence):
    assert said_in(sentence * 12) <= length_of(sentence) + ALIKE - 1


def test_what_people_write_counts_as_good_as_whole():
    assert said_in(ENOUGH) >= 0.98 * length_of(ENOUGH) > 200
