"""A room is put in by its folder: what it registers stands on Today, on a person's page, in the coming weeks and before a departure."""

import ast
import sys
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.conf import settings
from django.urls import reverse

from lms.common import registries
from tests.each import each
from tests.factories import make_employee

ROOM = "tests.lms.home.room"
ROOT = Path(__file__).parents[3]
ALL = [registries.dues, registries.tiles, registries.cards, registries.panels, registries.feeds, registries.effects]


@pytest.fixture
def room(monkeypatch):
    """The room is in for one test, and out again. It is one more app, read as if it were the first time."""
    before = [dict(registry.parts) for registry in ALL]
    rooms = [*apps.get_app_configs(), AppConfig.create(ROOM)]
    monkeypatch.setattr(apps, "get_app_configs", lambda: rooms)
    for module in registries.MODULES:
        monkeypatch.delitem(sys.modules, f"{ROOM}.{module}", raising=False)
    registries.discover()
    yield
    for registry, parts in zip(ALL, before, strict=True):
        registry.parts = parts


@pytest.mark.django_db
def test_its_duties_figures_and_cards_stand_on_today(room, sign_in):
    response = sign_in(make_employee("service_supervisor")).get(reverse("today"))
    assert "Rotate the tyres" in [item["title"] for item in response.context["due"]]
    assert response.context["figures"][0]["label"] == "Tyres in stock"
    assert "Winter tyres" in [part["card"].get("title") for part in response.context["cards"]]
    assert b"412" in response.content


@pytest.mark.django_db
def test_whoever_may_not_see_a_figure_or_a_panel_gets_none(room, sign_in):
    advisor = make_employee()
    client = sign_in(advisor)
    assert client.get(reverse("today")).context["figures"] == []
    assert "Tyres of" not in client.get(reverse("person", args=[advisor.pk])).content.decode()


@pytest.mark.django_db
def test_its_panel_stands_on_a_persons_page_in_its_column(room, sign_in):
    person = make_employee(name="王建国")
    response = sign_in(make_employee("hr_officer")).get(reverse("person", args=[person.pk]))
    assert {"title": "Tyres of 王建国"} in [part["panel"] for part in response.context["wide"]]
    assert {"title": "Tyres of 王建国"} not in [part["panel"] for part in response.context["narrow"]]


@pytest.mark.django_db
def test_its_days_stand_in_the_coming_weeks(room, sign_in):
    page = sign_in(make_employee()).get(reverse("coming")).content.decode()
    assert "Tyre delivery" in page
    assert "Gate 2 · bring the trolley" in page


@pytest.mark.django_db
def test_what_it_leaves_open_is_read_before_a_departure(room, sign_in):
    person = make_employee(name="王建国")
    response = sign_in(make_employee("hr_officer")).get(reverse("person_act", args=[person.pk, "departure"]))
    assert "王建国 holds the key to the tyres" in response.content.decode()


@pytest.mark.django_db
def test_once_its_folder_is_gone_nothing_of_it_is_left(sign_in):
    person = make_employee("hr_officer")
    client = sign_in(person)
    pages = [client.get(reverse("today")), client.get(reverse("coming")), client.get(reverse("person", args=[person.pk]))]
    assert not [page for page in each(pages) if "yre" in page.content.decode()]


def test_read_again_a_room_is_there_once(room):
    before = [len(registry.parts) for registry in ALL]
    registries.discover()
    assert [len(registry.parts) for registry in ALL] == before


def test_the_first_screen_imports_no_room():
    """import-linter says it too; this one names the file."""
    areas = ("courses", "assessments", "talent_pool")
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in each((ROOT / "lms/home").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        for name in [getattr(node, "module", None) or "", *(alias.name for alias in getattr(node, "names", []) if hasattr(alias, "name"))]
        if name.startswith(areas)
    ]
    assert not found


@pytest.mark.parametrize("module", registries.MODULES)
def test_every_module_of_this_name_registers_something(module):
    """A function without its decorator is shown nowhere."""
    rooms = [app for app in settings.INSTALLED_APPS if (ROOT / app.replace(".", "/") / f"{module}.py").exists()]
    registered = {part.function.__module__ for registry in ALL for part in registry}
    assert not [room for room in each(rooms) if f"{room}.{module}" not in registered]
