"""Passwords that anyone at work could work out are refused, in whatever dress."""

import string

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.models import User
from lms.accounts.validators import PersonalPartsValidator, plain
from tests.factories import make_employee

NUMBER = "YT01042"


def refused(password, user):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {each.code for each in error.error_list}
    return set()


@pytest.fixture
def person(db):
    return make_employee(number=NUMBER, name="Li Xiaoming", email="lixiaoming@yitong.example").user


@pytest.mark.parametrize(
    "password",
    [
        "YT01042YT01042",
        "yt01042yt01042yt01042",
        "YT01042-YT01042!",
        "YT-01042-YT-01042",
        "01042010420104201042x",
        "1042104210421042YT",
        "24010TY24010TY",
        "YT010422026",
        "YT01042!!!!!!abc",
        "ＹＴ０１０４２ＹＴ０１０４２",
        "lixiaoming1",
        "LiXiaoming2026",
        "gnimoaixil2026",
        "xiaoming.xiaoming",
        "yitong01042yitong",
        "lixiaoming@yitong.example",
        "Y T 0 1 0 4 2 Y T 0 1 0 4 2",
    ],
)
def test_what_is_made_of_what_everyone_knows_is_refused(person, password):
    assert refused(password, person) & {"password_personal", "password_too_similar"}


@pytest.mark.parametrize("password", ["aaaaaaaaaa", "12ab12ab12ab", "哈哈哈哈哈哈哈哈哈哈", "abcdabcdabcd"])
def test_a_few_signs_repeated_are_refused(person, password):
    assert "password_repeats" in refused(password, person)


@pytest.mark.parametrize(
    "password", ["Brand-new-words-7", "steady hands at dawn", "YT01042 walks the dog at night", "四月的雨落在车间屋顶上面"]
)
def test_a_password_of_ones_own_is_taken(person, password):
    assert not refused(password, person)


def test_the_refusal_is_said_in_both_languages(person):
    words = {}
    for language in ("en", "zh-hans"):
        with translation.override(language), pytest.raises(ValidationError) as error:
            PersonalPartsValidator().validate("YT01042YT01042", person)
        words[language] = error.value.message
    assert "your number" in words["en"]
    assert "工号" in words["zh-hans"]


numbers = st.from_regex(r"[A-Z]{2}[0-9]{4,6}", fullmatch=True)


@given(number=numbers, times=st.integers(1, 6), tail=st.from_regex(r"[0-9!.\-_ ]{0,6}", fullmatch=True), turned=st.booleans())
def test_a_number_is_refused_however_repeated_turned_or_followed(number, times, tail, turned):
    user = User(username=number)
    piece = number[::-1] if turned else number
    with pytest.raises(ValidationError):
        PersonalPartsValidator().validate(piece * times + tail, user)


@given(st.text(alphabet=string.ascii_letters + string.digits, max_size=30))
def test_full_width_signs_spaces_and_capitals_make_no_other_password(text):
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in text)
    assert plain(wide) == plain(" - ".join(text)) == plain(text.upper())
