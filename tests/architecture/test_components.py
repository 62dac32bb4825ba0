"""Templates one can read and reuse: parts are given what they show and nothing else, lines end, tables and badges are made in one place.

`STILL_OPEN` names what was written before; it only ever gets shorter.
"""

import re

import pytest

from tests.architecture.still_open import STILL_OPEN
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
    """Tables by hand, where `components/table.html` or a list would do."""
    return re.findall(r"<table\b", source)


def own_badges(source):
    """Badges by hand: `{% badge %}` knows the tones and their icons."""
    return re.findall(r'class="badge\b|include "components/badge\.html"', source)


MADE_THERE = {"own_tables": {"templates/components/list.html", "templates/components/table.html"}}
RULES = {"leaks": leaks, "long_lines": long_lines, "own_tables": own_tables, "own_badges": own_badges}


@pytest.mark.parametrize("rule", RULES)
def test_templates_keep_the_rule(rule):
    broken = {name_of(path) for path in each(PAGES) if RULES[rule](path.read_text())}
    assert not broken - STILL_OPEN[rule] - MADE_THERE.get(rule, set())


@pytest.mark.parametrize("rule", RULES)
def test_what_is_mended_stands_in_the_list_no_more(rule):
    kept = {name for name in each(STILL_OPEN[rule]) if not (ROOT / name).exists() or not RULES[rule]((ROOT / name).read_text())}
    assert not kept


@pytest.mark.parametrize(
    ("rule", "source", "found"),
    [
        ("leaks", '{% include "a.html" with x=1 %}', 1),
        ("leaks", "{% include part.template %}", 1),
        ("leaks", '{% include "a.html" with x=1 only %}{% include "components/tools.html" %}', 0),
        ("long_lines", "x" * 161, 1),
        ("long_lines", "x" * 160, 0),
        ("own_tables", '<table class="table">', 1),
        ("own_badges", '<span class="badge good">', 1),
        ("own_badges", '{% badge words "good" %}', 0),
    ],
)
def test_each_rule_sees_what_it_should(rule, source, found):
    assert len(RULES[rule](source)) == found
