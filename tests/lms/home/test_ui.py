"""Parts that are made in Python since a page has dozens of them: they escape what they are given, and say what a screen reader needs."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.template import engines
from django.utils.translation import override

from lms.home.templatetags.ui import badge, due_item, icon, list_cells, nav_item, tone

WHEN = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)


def test_a_due_line_says_when_what_and_where_to():
    line = due_item(WHEN, "16:30", "today", "Brakes & tyres", "Room <2>", "/x/", "Look")
    assert '<time datetime="2026-11-26T16:30:00+08:00">' in line
    assert "Brakes &amp; tyres" in line
    assert "Room &lt;2&gt;" in line
    assert '<a class="button small" href="/x/">Look<span class="visually-hidden"> · Brakes &amp; tyres</span></a>' in line


@pytest.mark.parametrize(("state", "is_overdue"), [("", False), ("now", False), ("late", True)])
def test_what_is_late_says_so_and_what_presses_stands_out(state, is_overdue):
    with override("en"):
        line = due_item(None, "·", "any time", "Brakes", url="/x/", action="Look", state=state)
    assert ("Overdue" in line) is is_overdue
    assert ('class="button small go"' in line) is bool(state)
    assert "<time>" in line


def test_without_an_address_there_is_no_button():
    assert "<a" not in due_item(WHEN, "16:30", "today", "Brakes")


def test_the_present_place_of_the_menu_is_marked():
    place = {"url": "/people/", "label": "People <all>", "icon": "people", "current": False}
    assert "aria-current" not in nav_item(place)
    assert 'aria-current="page"' in nav_item(place | {"current": True})
    assert "People &lt;all&gt;" in nav_item(place)


def test_the_first_cell_names_its_row_and_figures_stand_to_the_right():
    def cell(value, **column):
        column = {"label": "A & B", "numeric": False, "money": False, **column}
        return SimpleNamespace(value=value, tone=None, url="", is_short=False, column=SimpleNamespace(**column))

    row = list_cells([cell("<Wang>"), cell("x"), cell(3, numeric=True)])
    assert row.startswith('<th scope="row">&lt;Wang&gt;</th><td data-label="A &amp; B">x</td>')
    assert row.endswith('<td data-label="A &amp; B" class="number">3</td>')


def table(source, **names):
    return engines["django"].from_string(source).render(names)


def test_a_table_that_has_a_name_scrolls_and_says_what_it_is():
    shown = table('{% table "table stack" name %}<tbody><tr><td>{{ who }}</td></tr></tbody>{% endtable %}', name="A & <B>", who="<Wang>")
    assert shown == (
        '<div class="scroll" tabindex="0" role="region" aria-label="A &amp; &lt;B&gt;">'
        '<table class="table stack"><tbody><tr><td>&lt;Wang&gt;</td></tr></tbody></table></div>'
    )


def test_a_table_without_a_name_stands_as_it_is():
    assert table('{% table "facts" %}<tbody></tbody>{% endtable %}') == '<table class="facts"><tbody></tbody></table>'


@pytest.mark.parametrize(
    ("state", "expected"),
    [("published", "good"), ("late", "warn"), ("cancelled", "bad"), ("held", "accent"), ("draft", ""), ("no such state", ""), (None, "")],
)
def test_a_state_has_the_same_tone_everywhere(state, expected):
    assert tone(state) == expected


def test_a_judgement_is_told_by_an_icon_too():
    assert "#icon-warn" in badge("Late", "warn")
    assert "<svg" not in badge("Planned")
    assert "&lt;b&gt;" in badge("<b>")


def test_an_icon_is_decoration_unless_it_has_a_name():
    assert 'aria-hidden="true"' in icon("check")
    assert 'role="img" aria-label="Yes"' in icon("check", "Yes")
