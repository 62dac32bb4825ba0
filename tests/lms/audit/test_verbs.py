"""Every verb is declared once, with a sentence and fields; nothing else can be recorded."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation
from wagtail.snippets.models import get_snippet_models

from lms.audit import verbs
from lms.audit.actions import event_of, record_event
from lms.audit.models import Event
from lms.audit.verbs import Undeclared
from tests.factories import make_employee

ROOT = Path(__file__).parents[3]
SOURCES = [
    path
    for area in ("lms", "courses", "assessments", "talent_pool")
    for path in (ROOT / area).rglob("*.py")
    if path.name != "verbs.py" and "migrations" not in path.parts
]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def parsed():
    return [ast.parse(path.read_text()) for path in SOURCES]


def takers_of_a_verb(trees):
    """The names of functions whose first argument is a verb: ours to record, and what rooms wrap around them."""
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {one.name for one in functions if one.args.args and one.args.args[0].arg == "verb"}


def first_arguments(trees):
    takers = takers_of_a_verb(trees)
    for tree in trees:
        for node in ast.walk(tree):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if name in takers and node.args:
                yield node.args[0]


def pattern_of(argument):
    """A regular expression for a text, also one with a value in it; None for a variable."""
    if isinstance(argument, ast.Constant):
        return re.escape(argument.value)
    if isinstance(argument, ast.JoinedStr):
        return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in argument.values)
    return None


def test_every_verb_that_is_recorded_anywhere_is_declared():
    patterns = {pattern_of(argument) for argument in first_arguments(parsed())} - {None}
    assert len(patterns) > 40
    assert not [pattern for pattern in patterns if not any(re.fullmatch(pattern, name) for name in verbs.verbs())]


def test_every_declared_verb_is_used():
    trees = parsed()
    said = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    patterns = [pattern_of(argument) for argument in first_arguments(trees) if isinstance(argument, ast.JoinedStr)]
    by_the_studio = {f"{edited.noun}.{event}" for edited in verbs._edited.values() for event in verbs.STUDIO_SENTENCES}
    unused = [
        name
        for name in verbs.verbs()
        if name not in said | by_the_studio and not any(re.fullmatch(pattern, name) for pattern in patterns if pattern != r"\w+\.\w+")
    ]
    assert not unused


@pytest.mark.parametrize("name", sorted(verbs.verbs()))
def test_a_verb_says_in_both_languages_who_did_what(name):
    verb = verbs.verb_of(name)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert set(PLACEHOLDER.findall(str(verb.sentence))) <= {"actor", "person", "target", "kind"}
            assert set(PLACEHOLDER.findall(str(verb.sentence))) & {"actor", "person", "target"}
            assert set(PLACEHOLDER.findall(str(verb.by_oneself))) <= {"person", "target"}
            assert not [name for name, field in verb.fields.items() if not str(field.label)]
    assert verb.room in verbs.rooms()
    assert not verb.person or verb.person in verb.fields


def test_money_is_always_private():
    money = [field for verb in verbs.verbs().values() for field in verb.fields.values() if field.kind == "money"]
    assert {field.private for field in money} == {"pay.view_pay"}


def test_everything_that_the_studio_edits_is_declared():
    """The list of all questions is edited by the form of each type."""
    kinds = {model._meta.label_lower for model in get_snippet_models() if not model.__module__.startswith("wagtail")}
    assert len(kinds) >= 12
    assert {kind for kind in kinds if verbs.edited_of(kind) is None} == {"questions.question"}


@pytest.mark.django_db
def test_an_undeclared_verb_is_refused():
    with pytest.raises(Undeclared, match=r"person\.praised"):
        record_event("person.praised", target=make_employee(), by=None)
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"before": {"shoe_size": 42}}, {"after": {"shoe_size": 43}}])
def test_an_undeclared_field_is_refused(values):
    with pytest.raises(Undeclared, match="shoe_size"):
        event_of("person.corrected", target=make_employee(), by=None, **values)


@pytest.mark.django_db
def test_a_record_that_no_room_says_whom_it_concerns_is_refused():
    with pytest.raises(Undeclared, match=r"people\.employmentevent"):
        event_of("person.corrected", target=make_employee().history.model(), by=None)
    with pytest.raises(Undeclared, match="None"):
        event_of("person.corrected", target=None, by=None)
