from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.training.tokens import STEP_SECONDS, is_genuine, is_valid, make_token, seconds_left, session_of

NOON = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))
secrets = st.text(min_size=1, max_size=50)
numbers = st.integers(0, 2**62)


def test_a_token_is_valid_in_its_step_and_the_next_and_then_no_more():
    token = make_token("secret", 7, NOON)
    assert is_valid("secret", token, NOON)
    assert is_valid("secret", token, NOON + timedelta(seconds=39))
    assert not is_valid("secret", token, NOON + timedelta(seconds=40))
    assert not is_valid("secret", token, NOON - timedelta(seconds=1))


def test_an_expired_token_is_still_known_as_ours():
    token = make_token("secret", 7, NOON)
    assert is_genuine("secret", token)
    assert not is_genuine("another", token)


def test_the_code_on_the_wall_says_how_long_it_stays():
    assert seconds_left(NOON) == 20
    assert seconds_left(NOON + timedelta(seconds=19)) == 1


def test_without_a_secret_nothing_is_valid():
    assert not is_valid("", make_token("", 7, NOON), NOON)


@given(secret=secrets, session=numbers, at=moments)
def test_a_token_is_short_safe_in_an_address_and_names_its_session(secret, session, at):
    token = make_token(secret, session, at)
    assert quote(token, safe="") == token
    assert len(token) < 60
    assert session_of(token) == session
    assert is_valid(secret, token, at)


@given(secret=secrets, other=secrets, session=numbers, another=numbers, at=moments)
def test_a_token_of_another_secret_or_session_is_refused(secret, other, session, another, at):
    token = make_token(secret, session, at)
    assert is_valid(other, token, at) == (secret == other)
    forged = make_token(secret, another, at).rsplit(".", 1)[0] + "." + token.rsplit(".", 1)[1]
    assert is_valid(secret, forged, at) == (session == another)


@given(at=moments, later=st.integers(0, 200))
def test_no_token_lives_longer_than_two_steps(at, later):
    token = make_token("secret", 1, at)
    moment = at + timedelta(seconds=later)
    steps = int(moment.timestamp()) // STEP_SECONDS - int(at.timestamp()) // STEP_SECONDS
    assert is_valid("secret", token, moment) == (steps <= 1)


@given(st.text(max_size=80))
def test_nonsense_is_no_token(nonsense):
    assert not is_valid("secret", nonsense, NOON)
    session_of(nonsense)


@pytest.mark.parametrize(
    "token",
    [
        "1h.-1.x",
        "-1.1.x",
        "1h.1_0.x",
        "1h. 1.x",
        "1H.1.x",
        "1h.+1.x",
        "z" * 13 + ".1.x",
        "1h.".ljust(50, "z") + ".x",
        "1h..x",
        "..",
        "１.1.x",
    ],
)
def test_what_is_no_number_of_ours_is_no_token(token):
    assert session_of(token) is None
    assert not is_genuine("secret", token)
    assert not is_valid("secret", token, NOON)


@given(st.text(max_size=80))
def test_no_text_keeps_it_busy_or_makes_it_stumble(text):
    assert session_of(text) is None or session_of(text) < 2**63
    assert not is_valid("secret", text, NOON)
