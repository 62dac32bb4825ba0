"""What is imported is declared in pyproject.toml, and what is declared is imported or named where this page says."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.locks import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUNTIME = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
DEV = {canonicalize_name(Requirement(line).name) for line in PROJECT["optional-dependencies"]["dev"]}
OURS = ["lms", "courses", "assessments", "talent_pool"]

# Declared and not imported: where the product or its tools name it instead, and by which words.
NAMED = {
    "argon2-cffi": ("lms/accounts/hashers.py", "Argon2PasswordHasher"),
    "gunicorn": ("lms/home/management/commands/serve.py", '"gunicorn", "lms.wsgi"'),
    "psycopg": ("lms/settings.py", "django.db.backends.postgresql"),
    "pytest-django": ("pyproject.toml", 'DJANGO_SETTINGS_MODULE = "lms.settings"'),
    "pytest-xdist": ("Makefile", "-n auto"),
    "pytest-cov": ("CONTRIBUTING.md", "--cov"),
    "ruff": ("Makefile", "-m ruff check"),
    "import-linter": ("Makefile", "lint-imports"),
    "djade": ("Makefile", "djade"),
    "mypy": ("Makefile", "-m mypy"),
    "django-stubs": ("pyproject.toml", "mypy_django_plugin.main"),
    "pip-tools": ("CONTRIBUTING.md", ".venv/bin/pip-compile"),
}
# Declared ahead of its use, with why.
AHEAD = {"pandas": "asked for by the customer; statistics and reports are to be built on it"}


def top_of(source):
    """The top-level modules that Python code imports, at its head or anywhere inside."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def named_in(source):
    """What settings name: an app in a list ("taggit"), or anything by its dotted path ("whitenoise.middleware.WhiteNoiseMiddleware")."""
    nodes = list(ast.walk(ast.parse(source)))
    listed = {id(item) for node in nodes if isinstance(node, ast.List) for item in node.elts}
    texts = {(node.value, id(node) in listed) for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text.partition(".")[0] for text, in_list in texts if re.fullmatch(r"[a-z_0-9]+(\.\w+)*", text) and (in_list or "." in text)}


def third_party(modules):
    ours = {*OURS, "tests", *sys.stdlib_module_names, "__future__"}
    return {module for module in modules if module not in ours}


def imported_by(folders):
    """{module: the files that import it}, of what others publish."""
    found = {}
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for module in third_party(top_of(path.read_text())):
            found.setdefault(module, set()).add(str(path.relative_to(ROOT)))
    return found


def undeclared(imports, declared):
    """Modules that no declared package brings, with who imports them."""
    brings = packages_distributions()
    return {
        module: files for module, files in imports.items() if not {canonicalize_name(name) for name in brings.get(module, [])} & declared
    }


def packages_of(modules):
    brings = packages_distributions()
    return {canonicalize_name(name) for module in modules for name in brings.get(module, [])}


SETTINGS = named_in((ROOT / "lms/settings.py").read_text()) & set(packages_distributions())
USED = packages_of({*imported_by(OURS), *SETTINGS})
USED_BY_TESTS = packages_of(imported_by(["tests"]))


def test_what_the_product_imports_is_declared():
    assert not undeclared(imported_by(OURS), RUNTIME)


def test_the_apps_and_parts_that_settings_name_are_declared():
    named = {module: {"lms/settings.py"} for module in third_party(SETTINGS)}
    assert {"taggit", "modelcluster", "whitenoise"} <= set(named)
    assert not undeclared(named, RUNTIME)


def test_what_the_tests_import_is_declared():
    assert not undeclared(imported_by(["tests"]), RUNTIME | DEV)


def test_what_the_product_declares_is_used():
    assert RUNTIME - set(NAMED) - set(AHEAD) <= USED


def test_what_development_declares_is_used():
    assert DEV - set(NAMED) <= USED | USED_BY_TESTS


def test_nothing_is_declared_twice():
    assert not RUNTIME & DEV


@pytest.mark.parametrize("package", NAMED)
def test_what_is_only_named_is_declared_and_named_there(package):
    place, words = NAMED[package]
    assert package in RUNTIME | DEV
    assert words in (ROOT / place).read_text()


def test_no_reason_outlives_its_need():
    """A package that is imported after all needs no reason."""
    assert not set(NAMED) & RUNTIME & USED
    assert not set(NAMED) & DEV & USED_BY_TESTS
    assert not set(AHEAD) & (USED | USED_BY_TESTS)
    assert set(AHEAD) <= RUNTIME


def test_an_undeclared_import_is_noticed_wherever_it_stands():
    source = "def late():\n    from PIL import Image\n    import yaml.nodes\n\nfrom . import beside\n"
    assert set(top_of(source)) == {"PIL", "yaml"}
    assert undeclared({"PIL": {"a.py"}}, {"django"}) == {"PIL": {"a.py"}}
    assert not undeclared({"PIL": {"a.py"}}, {"pillow"})


@pytest.mark.parametrize("line", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"])
def test_each_dependency_says_what_it_is_for(line):
    assert re.search(rf'^    "{re.escape(line)}", +# \S.+$', (ROOT / "pyproject.toml").read_text(), flags=re.M)
