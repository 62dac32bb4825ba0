"""Templates one can read and reuse: parts are given what they show and nothing else, lines end, tables and badges are made in one place."""

import re

import pytest

from tests.architecture.test_templates import PAGES, ROOT, name_of
from tests.each import each

WIDTH = 160
# The bar on every page shows what the context processor puts into each.
FRAME = {"components/tools.html"}
INCLUDE = re.compile(r'\{% *include ("[^"]*"|[\w.]+)(.*?)%\}')


def leaks(source):
    """Includes that see whatever the page around them happens to hold."""
    return [name for name, rest in INCLUDE.findall(source) if not rest.rstrip().endswith(" only") and name.strip('"') not in FRAME]


def long_lines(source):
    return [line for line in source.splitlines() if len(line) > WIDTH]


def own_tables(source):
    """Tables by hand: `{% table %}` frames them, and a list or `components/table.html` fills most."""
    return re.findall(r"<table\b", source)


def own_badges(source):
    """Badges by hand: `{% badge %}` knows the tones and their icons."""
    return re.findall(r'class="badge\b|include "components/badge\.html"', source)


RULES = {"leaks": leaks, "long_lines": long_lines, "own_tables": own_tables, "own_badges": own_badges}


@pytest.mark.parametrize("rule", RULES)
def test_templates_keep_the_rule(rule):
    assert not {name_of(path): RULES[rule](path.read_text()) for path in each(PAGES) if RULES[rule](path.read_text())}


@pytest.mark.parametrize(
    ("rule", "source", "found"),
    [
        ("leaks", '{% include "a.html" with x=1 %}', 1),
        ("leaks", "{% include part.template %}", 1),
        ("leaks", '{% include "a.html" with x=1 only %}{% include "components/tools.html" %}', 0),
        ("long_lines", "x" * 161, 1),
        ("long_lines", "x" * 160, 0),
        ("own_tables", '<table class="table">', 1),
        ("own_tables", '{% table "table stack" region %}', 0),
        ("own_badges", '<span class="badge good">', 1),
        ("own_badges", '{% badge words "good" %}', 0),
    ],
)
def test_each_rule_sees_what_it_should(rule, source, found):
    assert len(RULES[rule](source)) == found


# Asked about nobody: the roll is empty.
OF_NOBODY = {"courses/training/session.html"}


def questions(source):
    """What each form asks before it acts, and whether those words name what it hits: a sentence that is always the same names nobody."""
    for asked in re.findall(r'data-confirm="([^"]*(?:"[^"{}]*"[^"]*)*?)"(?=[ >\n])', source):
        names = re.findall(r"{{ ([\w.|:\" ]+?) }}", asked)
        yield asked, len(names) > 1 or all(re.search(rf"asvar {name}\b", source) for name in names)


def test_a_question_before_an_act_names_what_it_hits():
    pages = {str(path.relative_to(ROOT / "templates")): path.read_text() for path in (ROOT / "templates").rglob("*.html")}
    asked = [(page, *question) for page, source in pages.items() for question in questions(source)]
    assert len(asked) > 8
    assert {page for page, _words, names_it in asked if not names_it} <= OF_NOBODY
    assert list(questions('{% translate "Sure?" as ask %}<form data-confirm="{{ ask }}">')) == [("{{ ask }}", False)]
