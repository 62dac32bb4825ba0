"""What is written about the house is true of it."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation

from tests.each import each

DOCS = settings.BASE_DIR / "docs"
OURS = ("lms", "courses", "assessments", "talent_pool")
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(settings.BASE_DIR.glob("*.md")), *(settings.BASE_DIR / area / "README.md" for area in OURS)]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def our_models():
    for model in apps.get_models():
        if model.__module__.partition(".")[0] in OURS:
            yield model


@pytest.mark.parametrize("model", list(our_models()), ids=lambda model: model._meta.label)
def test_the_glossary_has_every_model_and_every_state(model):
    glossary = (DOCS / "glossary.md").read_text()
    assert f".{model.__name__}`" in glossary or f"`{model.__name__}`" in glossary
    states = [field for field in model._meta.local_fields if field.name in {"status", "state", "outcome"} and field.choices]
    with translation.override("en"):
        missing = [
            str(label) for field in states for _value, label in field.flatchoices if str(label).casefold() not in glossary.casefold()
        ]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(settings.BASE_DIR)))
def test_every_link_leads_somewhere(page):
    ours = [target for target in LINK.findall(page.read_text()) if "://" not in target and not target.startswith("mailto:")]
    assert not [target for target in ours if not (page.parent / target).exists()]


def test_the_list_of_decisions_is_complete():
    listed = set(LINK.findall((DOCS / "adr" / "README.md").read_text()))
    assert listed == {path.name for path in (DOCS / "adr").glob("[0-9]*.md")}


def test_every_numbered_rule_says_whether_it_is_built():
    rows = re.findall(r"^\| ([TGPCL]\d+) \|.*\| ([^|]+) \|$", (DOCS / "domain.md").read_text(), flags=re.M)
    wanted = [f"{letter}{number}" for letter, last in (("T", 11), ("G", 10), ("P", 5), ("C", 6), ("L", 3)) for number in range(1, last + 1)]
    assert [rule for rule, _built in rows] == wanted
    assert all("now" in built or "later" in built for _rule, built in each(rows))


def test_the_changelog_has_this_version():
    version = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
    assert f"## [{version}]" in Path(settings.BASE_DIR / "CHANGELOG.md").read_text()
