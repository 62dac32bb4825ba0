"""The order of interns: composites are exact, equal ones share a place, and what is missing is never a 0 (C4)."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from talent_pool.selection.ranking import PARTS, composite_of, missing_of, open_ties, ranked, settled, ties
from tests.each import each

WEIGHTS = {"internship": 50, "coursework": 30, "graduation": 20}


def parts(internship="80", coursework="80", graduation="80"):
    given_ = {"internship": internship, "coursework": coursework, "graduation": graduation}
    return {part: None if score is None else Decimal(score) for part, score in given_.items()}


scores = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)
some_parts = st.fixed_dictionaries({part: st.none() | scores for part in PARTS})
few_parts = st.fixed_dictionaries({part: st.sampled_from([None, Decimal(60), Decimal(80)]) for part in PARTS})
entries = st.dictionaries(st.integers(0, 30), some_parts | few_parts, max_size=12)
weights = (
    st.tuples(st.integers(0, 100), st.integers(0, 100))
    .map(sorted)
    .map(lambda cuts: {"internship": cuts[0], "coursework": cuts[1] - cuts[0], "graduation": 100 - cuts[1]})
)


# --- The composite ---------------------------------------------------------------------------------------------------


def test_the_composite_is_the_parts_by_their_weights():
    assert composite_of(parts("85", "80", "90"), WEIGHTS) == Decimal("84.5")


def test_a_composite_keeps_four_digits():
    assert str(composite_of(parts("85.55", "80.01", "90.07"), WEIGHTS)) == "84.7920"


def test_a_missing_part_leaves_no_composite_instead_of_counting_as_nothing():
    assert composite_of(parts(graduation=None), WEIGHTS) is None
    assert composite_of(parts(graduation="0"), WEIGHTS) == Decimal("64")


def test_what_is_missing_is_named_in_the_order_of_the_formula():
    assert missing_of(parts(None, "80", None), WEIGHTS) == ["internship", "graduation"]


def test_a_part_that_weighs_nothing_is_not_missed():
    without = {"internship": 60, "coursework": 40, "graduation": 0}
    assert composite_of(parts(graduation=None), without) == Decimal(80)
    assert missing_of(parts(graduation=None), without) == []


@given(some_parts, weights)
def test_a_composite_is_exact(given_, weighed):
    complete = not missing_of(given_, weighed)
    exact = sum(Fraction(given_[part]) * weighed[part] for part in PARTS if weighed[part]) / 100 if complete else None
    composite = composite_of(given_, weighed)
    assert (composite if composite is None else Fraction(composite)) == exact


@given(st.fixed_dictionaries({part: scores for part in PARTS}), weights)
def test_a_composite_lies_among_its_parts(given_, weighed):
    counted = [given_[part] for part in PARTS if weighed[part]]
    assert min(counted) <= composite_of(given_, weighed) <= max(counted)


# --- Places ----------------------------------------------------------------------------------------------------------


def test_equal_composites_share_a_place_and_the_next_is_left_out():
    rows = ranked({"a": parts("90"), "b": parts("70"), "c": parts("80"), "d": parts("80")}, WEIGHTS)
    assert [(row.key, row.place) for row in rows] == [("a", 1), ("c", 2), ("d", 2), ("b", 4)]


def test_composites_that_differ_by_a_ten_thousandth_are_no_tie():
    close = {"a": parts("80", "80", "80.01"), "b": parts("80", "80.01", "80")}
    assert [(row.key, row.place, str(row.composite)) for row in ranked(close, WEIGHTS)] == [("b", 1, "80.0030"), ("a", 2, "80.0020")]


def test_who_lacks_a_part_comes_last_without_a_place():
    rows = ranked({"a": parts(coursework=None), "b": parts("10", "10", "10")}, WEIGHTS)
    assert [(row.key, row.place) for row in rows] == [("b", 1), ("a", None)]


@given(entries, weights)
def test_a_place_says_how_many_are_better(given_, weighed):
    rows = ranked(given_, weighed)
    assert {row.key for row in rows} == set(given_)
    have = [row.composite for row in rows if row.composite is not None]
    for row in rows:
        better = sum(one > row.composite for one in have) if row.composite is not None else None
        assert row.place == (None if better is None else better + 1)


@given(entries, weights, st.randoms())
def test_the_order_in_which_people_are_read_changes_nobody_s_place(given_, weighed, random):
    keys = list(given_)
    random.shuffle(keys)
    shuffled = ranked({key: given_[key] for key in keys}, weighed)
    assert {row.key: row.place for row in shuffled} == {row.key: row.place for row in ranked(given_, weighed)}


@given(entries, st.fixed_dictionaries({part: scores for part in PARTS}), weights, st.sampled_from(PARTS), scores)
def test_whoever_gains_loses_no_place(others, own, weighed, part, gain):
    better = own | {part: min(Decimal(100), own[part] + gain)}
    before, after = ({row.key: row.place for row in ranked(others | {"own": one}, weighed)}["own"] for one in (own, better))
    assert after <= before


# --- Ties ------------------------------------------------------------------------------------------------------------


PLACES = {"a": 1, "b": 2, "c": 2, "d": 2, "e": 5, "f": None, "g": None}


def test_a_tie_is_a_place_that_several_share_and_nobody_without_one_is_in_it():
    assert ties(PLACES) == {2: ["b", "c", "d"]}


def test_a_decided_tie_gives_each_a_place_of_their_own():
    assert settled(PLACES, {2: ["d", "b", "c"]}) == PLACES | {"d": 2, "b": 3, "c": 4}


def test_a_tie_stays_one_until_a_person_decides():
    assert settled(PLACES, {}) == PLACES
    assert open_ties(PLACES, {}) == {2: ["b", "c", "d"]}


def test_a_decision_about_other_people_decides_nothing():
    assert settled(PLACES, {2: ["b", "c"]}) == PLACES
    assert open_ties(PLACES, {2: ["b", "c", "x"]}) == {2: ["b", "c", "d"]}
    assert open_ties(PLACES, {2: ["d", "c", "b"]}) == {}


@given(entries, weights)
def test_once_all_ties_are_decided_the_places_run_from_one_without_a_gap(given_, weighed):
    places = {row.key: row.place for row in ranked(given_, weighed)}
    final = settled(places, {place: sorted(keys) for place, keys in ties(places).items()})
    have = sorted(place for place in final.values() if place is not None)
    assert have == list(range(1, len(have) + 1))


def test_the_generators_make_ties_at_all():
    """Two sets of the same few scores meet often enough for the properties above to mean something."""
    rows = ranked({one: parts("80", "60", "60") for one in each(range(3))}, WEIGHTS)
    assert {row.place for row in rows} == {1}
