"""What the README and the pages of docs/ tell people to type, set, open and press is really there."""

import re

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from lms.demo.cast import PASSWORD, PERSONAS
from lms.demo.stages import STAGES

ROOT = settings.BASE_DIR
README, GUIDES = ROOT / "README.md", sorted((ROOT / "docs/guides").glob("*.md"))
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FOR_USERS = [README, *GUIDES]

FENCED = re.compile(r"^```.*?^```", flags=re.M | re.S)
CODE = re.compile(r"`([^`\n]+)`")
TYPED = re.compile(r"^(?: {4}|\t)(.+)$", flags=re.M)
IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\bsrc=\"([^\"]+)\"")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)[^)]*\)|\bhref=\"([^\"#]+)\"")
BOLD = re.compile(r"\*\*(.+?)\*\*", flags=re.S)
# Bold words that are no words on the screen: whom a paragraph is for.
PEOPLE = {
    "匠阶", "Advisor", "Technician", "Service supervisor", "Technical supervisor", "Service manager", "HR officer", "General manager", "Examiner",
    "Information assistant", "Course author",
}  # fmt: skip


def each(pages):
    return pytest.mark.parametrize("page", pages, ids=lambda page: str(page.relative_to(ROOT)))


def code_of(page):
    """Everything on a page that is set as code: in backquotes, fenced or indented."""
    source = page.read_text()
    return "\n".join([*FENCED.findall(source), *CODE.findall(FENCED.sub("", source)), *TYPED.findall(source)])


def targets(pattern, page):
    found = (one or other for one, other in pattern.findall(page.read_text()))
    return {target for target in found if "://" not in target and not target.startswith("mailto:")}


@each(PAGES)
def test_every_make_target_that_is_named_exists(page):
    there = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", code_of(page))) <= there


@each(PAGES)
def test_every_command_of_manage_py_that_is_named_exists(page):
    named = set(re.findall(r"\bmanage\.py ([a-z_]+)", page.read_text()))
    assert named <= set(get_commands())


@each(PAGES)
def test_every_variable_that_is_named_is_in_the_example_of_the_environment(page):
    example = set(re.findall(r"^(LMS_[A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.M))
    assert set(re.findall(r"\bLMS_[A-Z_]*[A-Z]\b", page.read_text())) <= example


@each(PAGES)
def test_every_link_and_every_image_is_a_file(page):
    missing = [target for pattern in (LINK, IMAGE) for target in targets(pattern, page) if not (page.parent / target).exists()]
    assert not missing


@each(FOR_USERS)
def test_every_address_that_is_named_is_one_of_ours(page):
    """`/people/…/` stands for any number."""
    for address in re.findall(r"^/\S*$", "\n".join(CODE.findall(page.read_text())), flags=re.M):
        try:
            resolve(address.replace("…", "1"))
        except Resolver404:
            pytest.fail(f"{page.name}: {address}")


@pytest.fixture(scope="module")
def words_of_the_screen():
    areas = ("lms", "courses", "assessments", "talent_pool", "templates")
    files = [path for area in areas for kind in ("*.py", "*.html") for path in (ROOT / area).rglob(kind)]
    return "\n".join(path.read_text() for path in files).casefold()


@each(FOR_USERS)
def test_words_in_bold_are_words_of_the_screen(page, words_of_the_screen):
    bold = {" ".join(words.split()) for words in BOLD.findall(page.read_text())} - PEOPLE
    assert not [words for words in bold if words.casefold() not in words_of_the_screen]


def test_the_readme_names_each_persona_and_the_password():
    source = README.read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", source, flags=re.M))
    named = {number: words for number, words in rows.items() if number not in STAGES and not number.startswith("LMS_")}
    assert set(named) == {number for number, _en, _zh in PERSONAS}
    assert not [number for number, english, _zh in PERSONAS if not named[number].startswith(english)]
    assert f"`{PASSWORD}`" in source


def test_the_readme_names_each_stage_in_order():
    assert [word for word in re.findall(r"^\| `(\w+)` \|", README.read_text(), flags=re.M) if word in STAGES] == STAGES


def test_the_readme_says_the_test_command_in_the_form_that_ci_reads():
    assert re.search(r"^[\s$]*make test(\s+#.*)?$", README.read_text(), flags=re.M)
    assert "make test" in (ROOT / ".ci/run").read_text()
