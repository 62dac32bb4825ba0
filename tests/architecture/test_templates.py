"""Both languages complete: no literal text in a template. Strict policy: nothing inline."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(path for folder in ("templates", "assessments/questions/kinds") for path in (ROOT / folder).rglob("*.html"))
TEXTS = sorted((ROOT / "templates").rglob("*.txt"))
LETTERS = re.compile(r"[^\W\d_]")
# Names and units that read the same in both languages.
SAME = {"Pitlane", "匠阶", "Pitlane 匠阶", "CSV", "Excel", "PDF", "QR", "English", "中文", "简体中文", "min", "CNY", "ID", "OEM"}
SPOKEN = {"alt", "title", "placeholder", "aria-label", "data-label", "data-confirm", "data-confirm-label", "data-empty"}
ARGUMENT = re.compile(r"\b(title|text|label|lead|action_label|back_label|action|note|reset_label|trigger)=(\"[^\"]+\"|'[^']+')")


def without_tags(source):
    source = re.sub(r"\{% *comment *%\}.*?\{% *endcomment *%\}|\{#.*?#\}", "", source, flags=re.S)
    source = re.sub(r"\{% *blocktrans(?:late)?\b.*?\{% *endblocktrans(?:late)? *%\}", "", source, flags=re.S)
    source = re.sub(r"\{% *block (?:main|body)_class *%\}[\w -]*\{% *endblock *%\}", "", source)
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.S)


class Words(HTMLParser):
    """Collects what people would read or hear."""

    def __init__(self):
        super().__init__()
        self.found, self.skip = [], 0

    def handle_starttag(self, tag, attrs):
        self.skip += tag in {"script", "style"}
        self.found += [f"{name}={value}" for name, value in attrs if name in SPOKEN and value and self.is_text(value)]

    def handle_endtag(self, tag):
        self.skip -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self.skip and self.is_text(data):
            self.found.append(data.strip())

    @staticmethod
    def is_text(value):
        return bool(LETTERS.search(value)) and re.sub(r"[\d\s≤≥·%+−-]+", " ", value).strip() not in SAME


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_has_no_literal_text(path):
    source = path.read_text()
    words = Words()
    words.feed(without_tags(source))
    literal = [match.group(0) for tag in re.findall(r"\{% *include .*?%\}", source, flags=re.S) for match in ARGUMENT.finditer(tag)]
    literal = [text for text in literal if text.split("=", 1)[1].strip("\"'") not in SAME and LETTERS.search(text.split("=", 1)[1])]
    assert not words.found + literal


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_a_message_has_no_literal_text(path):
    left = [line.strip() for line in without_tags(path.read_text()).splitlines() if LETTERS.search(line)]
    assert not [line for line in left if line not in SAME]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_has_nothing_inline(path):
    source = without_tags(path.read_text())
    assert not re.findall(r"<style\b|\sstyle=|\son[a-z]+=|\shx-on\b|javascript:", source)
    assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", source)


def test_the_check_sees_what_it_should():
    words = Words()
    words.feed(without_tags('<p title="Tip">{% translate "ok" %} Hello</p><img alt="{{ name }}"><b>{# no #}12 %</b>'))
    assert words.found == ["title=Tip", "Hello"]


def names_used(text):
    """The variables that a part reads and does not bind itself, as far as its text tells."""
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", text, flags=re.S)
    bound = set(re.findall(r"\b(?:as|asvar) (\w+)", text)) | set(re.findall(r"(\w+)=", " ".join(re.findall(r"{% \w+[^%]*%}", text))))
    for names in re.findall(r"{% for ([\w, ]+) in", text):
        bound |= set(re.split(r"[ ,]+", names))
    # Numbers in a translated sentence are bound by its tag, so what is left there is read from outside.
    return set(re.findall(r"{{\s*([a-z_]\w*)", text)) - bound - {"forloop", "request", "csrf_token", "block"}


def test_a_part_is_given_all_that_it_shows():
    """With `only`, a name that was forgotten is an empty place on the page, and no error."""
    parts = {str(path.relative_to(ROOT / "templates")): path.read_text() for path in (ROOT / "templates").rglob("*.html")}
    includes = [
        (page, part, set(re.findall(r"(\w+)=", given)))
        for page, text in parts.items()
        for part, given in re.findall(r'{% include "([^"]+/_[^"]+)"(.*?)%}', text, flags=re.S)
    ]
    assert len(includes) > 20
    assert [
        f"{page} → {part}: {', '.join(sorted(missing))}" for page, part, given in includes if (missing := names_used(parts[part]) - given)
    ] == []


# A day, a moment, a day of the year, and what machines read; a time is 16:30. How each looks is said once, in lms.common.formats.
SHAPES = {"DATE_FORMAT", "DATETIME_FORMAT", "MONTH_DAY_FORMAT", "c", "D"}
TIMES = {"H:i", "H:i:s"}


@pytest.mark.parametrize("path", [*PAGES, *TEXTS], ids=name_of)
def test_a_date_has_one_of_the_shapes_that_are_said_once(path):
    source = path.read_text()
    assert set(re.findall(r"\|date:[\"']([^\"']+)", source)) <= SHAPES
    assert set(re.findall(r"\|time:[\"']([^\"']+)", source)) <= TIMES
    assert not re.search(r"\|time:\"H:i\" ?}}[–—-]{{", source), "a span of time is `begin|hours_to:end`"
