import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

from tests.each import each

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
OURS = ("lms.", "courses", "assessments", "talent_pool")


def test_every_import_looks_down():
    linter = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr


def layers_of(contract):
    """The layers from the top down, each the set of rooms side by side in it."""
    cleaned = [layer.replace("(", "").replace(")", "") for layer in contract["layers"]]
    return [{room.strip() for room in layer.replace(":", "|").split("|")} for layer in cleaned]


AREAS = layers_of(next(contract for contract in CONTRACTS if contract["name"] == "Areas look down"))
ROOMS = {
    contract["containers"][0]: layers_of(contract)
    for contract in CONTRACTS
    if contract["type"] == "layers" and len(contract.get("containers", [])) == 1
}


def rank(layers, name):
    """How far down a room is; a room that no layer names is an error."""
    for depth, layer in enumerate(layers):
        if any(name == room or name.startswith(f"{room}.") for room in layer):
            return depth
    raise AssertionError(f"No contract says where {name} stands")


def looks_down(app, other):
    """Whether records of `app` may point at records of `other`."""
    if app == other or not other.startswith(OURS):
        return True
    area, target = rank(AREAS, app), rank(AREAS, other)
    if area != target:
        return area < target
    top = app.split(".")[0]
    if top not in ROOMS:
        return False
    return rank(ROOMS[top], app.removeprefix(f"{top}.")) < rank(ROOMS[top], other.removeprefix(f"{top}."))


def our_models():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_config.name.startswith(OURS)]


def test_the_rule_itself_tells_up_from_down():
    assert looks_down("talent_pool.pay", "assessments.grading")
    assert looks_down("assessments.grading", "assessments.exams")
    assert not looks_down("assessments.exams", "assessments.grading")
    assert not looks_down("courses.training", "assessments.exams")
    assert not looks_down("assessments.exams", "assessments.certification")


def test_foreign_keys_look_down():
    uphill = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if not looks_down(model._meta.app_config.name, field.related_model._meta.app_config.name)
    ]
    assert not uphill


def test_time_and_person_of_one_act_are_both_set_or_both_empty():
    """`x_at` and `x_by`, both of which may be empty: a constraint holds them together."""
    loose = []
    for model in our_models():
        empty = {field.name for field in model._meta.local_fields if field.null}
        said = [str(getattr(constraint, "condition", "")) for constraint in model._meta.constraints]
        for word in (name[:-3] for name in empty if name.endswith("_at") and f"{name[:-3]}_by" in empty):
            if not any(f"{word}_at__isnull" in text and f"{word}_by__isnull" in text for text in said):
                loose.append(f"{model._meta.label}.{word}")
    assert not loose


def test_constraints_say_what_is_true():
    """`%(app_label)s_%(class)s_<what_is_true>`, and short enough for PostgreSQL."""
    wrong = [
        constraint.name
        for model in our_models()
        for constraint in model._meta.constraints
        if not constraint.name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_") or len(constraint.name) > 63
    ]
    assert not wrong


@pytest.mark.parametrize("app", [config for config in apps.get_app_configs() if config.name.startswith(OURS)], ids=lambda app: app.label)
def test_migrations_have_names(app):
    files = [path.stem for path in (Path(app.path) / "migrations").glob("0*.py")]
    assert not [name for name in files if name.endswith("_initial") or "_auto_" in name or name[5:].startswith("auto")]


@pytest.mark.parametrize("area", ["courses", "assessments", "talent_pool"])
def test_no_model_sits_at_the_top_of_an_area(area):
    assert not list(apps.get_app_config(area).get_models())


def test_no_module_has_a_name_that_says_nothing():
    names = {"utils", "helpers", "services", "managers", "exceptions"}
    folders = ["lms", "courses", "assessments", "talent_pool"]
    assert not [path for folder in folders for path in (ROOT / folder).rglob("*.py") if path.stem in names]


# Django wants a room's models in one place, Celery its app. The actions of people are the last that are handed on.
HANDS_ON = {"lms/__init__.py", "lms/people/actions/__init__.py"}


def is_facade(source):
    """Whether a package's `__init__.py` only hands on what its modules hold."""
    lines = [line for line in ast.parse(source).body if not isinstance(line, ast.Expr)]
    return bool(lines) and all(isinstance(line, ast.Import | ast.ImportFrom | ast.Assign) for line in lines)


def test_who_imports_names_the_module_that_holds_it():
    packages = [path for folder in ("lms", "courses", "assessments", "talent_pool") for path in (ROOT / folder).rglob("__init__.py")]
    facades = {str(path.relative_to(ROOT)) for path in each(packages) if path.parent.name != "models" and is_facade(path.read_text())}
    assert not facades - HANDS_ON


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("", False),
        ('"""What is in here."""', False),
        ('"""What is in here."""\nfrom a.b import c\n', True),
        ('from a.b import c\n\n__all__ = ["c"]\n', True),
        ("from a.b import c\n\ndef d(): ...\n", False),
    ],
)
def test_a_facade_is_seen(source, found):
    assert is_facade(source) is found
