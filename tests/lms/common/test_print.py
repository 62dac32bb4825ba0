"""Paper: what reaches it, in which bounds, and what it says of itself."""

import io
import re
import threading
import time
from datetime import UTC, datetime

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from lms.common import limits, print
from lms.common.print import STAND_IN, TEMPLATES, CannotPrint, render, unprintable
from tests.each import each

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)
PLAIN = b"""#let data = json(bytes(sys.inputs.data))
#set document(title: "A page")
#set text(font: json(bytes(sys.inputs.faces)))
#data.words
"""


@pytest.fixture
def page(monkeypatch, tmp_path):
    """A template with one text, and what it says once it is printed."""
    (tmp_path / "page.typ").write_bytes(PLAIN)
    monkeypatch.setattr(print, "TEMPLATES", tmp_path)
    return lambda words, **data: PdfReader(io.BytesIO(render("page.typ", {"words": words, **data}))).pages[0].extract_text()


@pytest.mark.parametrize(
    "words",
    ["#strong[a]", "*a* _b_ `c`", "$x^2$", "<label> @label", "\\u{41}", "//a /* b */", "= a", "#sys.inputs", '"#read(\\"/etc/passwd\\")'],
)
def test_nothing_in_a_text_is_markup(page, words):
    assert page(words).replace(" ", "") == words.replace(" ", "")


@pytest.mark.parametrize("words", ["陈志强", "𠮷田", "㐂", "𰻞", "Nguyễn", "Ŵyn Şahin", "Жуков", "欧阳·娜娜", "王\u3000明"])
def test_rare_characters_and_the_letters_of_many_languages_are_printed(page, words):
    assert unprintable(words) == ""
    assert STAND_IN not in page(words)


@pytest.mark.parametrize(
    ("words", "missing"), [("陈\ue000强", "\ue000"), ("😀", "😀"), ("a😀b😀\ue000", "😀\ue000"), ("陈志强", ""), ("", "")]
)
def test_what_no_face_can_show_is_named(words, missing):
    assert unprintable(words) == missing


@pytest.mark.parametrize("words", ["陈\ue000强", "陈😀强", "陈\ud840强"])
def test_what_no_face_can_show_is_set_as_its_stand_in(page, words):
    assert page(words).replace(" ", "") == f"陈{STAND_IN}强"


@pytest.mark.parametrize("words", ["陈\u200b强", "陈\u202e强", "陈\x00强", "陈\x07强", "陈\ufeff强", "\u2066陈强"])
def test_control_characters_and_turns_of_direction_are_left_out(page, words):
    assert page(words).replace(" ", "") == "陈强"
    assert unprintable(words) == ""


@settings(max_examples=60, deadline=None)
@given(words=st.text(max_size=40))
def test_whatever_a_text_holds_it_is_printed(words):
    data = print._settable({"words": words})
    assert print._print(PLAIN, data, NOON).startswith(b"%PDF")


def test_the_same_data_of_the_same_day_give_the_same_bytes(page, tmp_path):
    assert render("page.typ", {"words": "a"}, at=NOON) == render("page.typ", {"words": "a"}, at=NOON)


def test_too_much_is_refused_before_it_is_set(page, monkeypatch):
    monkeypatch.setattr(limits, "PRINT_DATA", 100)
    with pytest.raises(CannotPrint):
        page("a" * 100)


def test_a_file_that_grows_too_large_is_refused(page, monkeypatch):
    monkeypatch.setattr(limits, "PRINT_FILE", 100)
    with pytest.raises(CannotPrint):
        page("a")


def test_what_takes_too_long_is_refused_and_the_next_is_printed(page, monkeypatch):
    monkeypatch.setattr(limits, "PRINT_SECONDS", 0.2)
    go_on = threading.Event()
    with monkeypatch.context() as slow:
        slow.setattr(print, "_print", lambda *_args: go_on.wait(20))
        began = time.perf_counter()
        with pytest.raises(CannotPrint):
            page("a")
        assert time.perf_counter() - began < 5
    go_on.set()
    monkeypatch.setattr(limits, "PRINT_SECONDS", 20)
    assert page("a") == "a"


def test_a_template_that_is_wrong_fails_loudly(page, tmp_path):
    (tmp_path / "wrong.typ").write_text("#nothing")
    with pytest.raises(typst.TypstError):
        render("wrong.typ", {"words": "a"})


def test_a_template_reads_no_file_outside_the_templates(page, tmp_path):
    (tmp_path / "wrong.typ").write_text('#read("/../../../../etc/passwd")')
    with pytest.raises(typst.TypstError):
        render("wrong.typ", {})


@pytest.mark.parametrize("source", each(TEMPLATES.rglob("*.typ")), ids=lambda path: path.name)
def test_no_template_runs_what_it_is_given_or_brings_packages(source):
    assert not re.findall(r"\beval\(|@preview|@local|mode:", source.read_text())
