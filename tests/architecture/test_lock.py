"""What `.ci/venv` installs without resolving: the locks are closed, the oldest Python runs all of it, and no address stands in them."""

import re
import tomllib
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.architecture.locks import LOCKS, OLDEST, PYTHONS, ROOT, open_ends, pins_of, version_of

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
each_lock = pytest.mark.parametrize("lock", LOCKS)


def pins(*lines):
    return {Requirement(line).name: Requirement(line) for line in lines}


@each_lock
def test_each_requirement_of_each_locked_package_is_locked(lock):
    assert not open_ends(pins_of(lock))


@pytest.mark.parametrize(
    ("locked", "requirement"),
    [
        (["a==1"], "b"),
        (["a==1", "b==1"], "b>=2"),
        (["a==1", "b==1"], "b[toml]"),
        (["a[more]==1"], 'b; extra == "more"'),
        (["a==1"], 'b; python_full_version < "3.11.3"'),
        (["a==1"], 'b; python_version >= "3.13"'),
        (["a==1"], 'b; sys_platform == "darwin"'),
        (["a==1"], 'b; platform_machine == "aarch64"'),
    ],
)
def test_a_lock_that_leaves_something_open_is_noticed(locked, requirement):
    ends = open_ends(pins(*locked), {"a": [requirement], "b": []}.__getitem__)
    assert {end[0] for end in ends} == {"a"}


@pytest.mark.parametrize(
    "requirement", ["b", "b>=1", "b[toml]", 'c; extra == "more"', 'c; python_version < "3.9"', 'c; sys_platform == "win32"']
)
def test_what_is_locked_or_never_applies_leaves_nothing_open(requirement):
    assert not open_ends(pins("a==1", "b[toml]==1.5"), {"a": [requirement], "b": []}.__getitem__)


@each_lock
def test_what_is_declared_is_locked(lock):
    declared = PROJECT["dependencies"] + (PROJECT["optional-dependencies"]["dev"] if "dev" in lock else [])
    assert not open_ends(pins_of(lock) | pins("pitlane==0"), lambda name: declared if name == "pitlane" else [])


def test_the_locked_versions_are_the_ones_that_were_looked_at():
    """Requirements are read from what is installed, which must then be what is locked."""
    other = {name: (pin, distribution(name).version) for name, pin in pins_of("requirements-dev.txt").items()}
    assert not {name: found for name, (pin, found) in other.items() if version_of(pin) != found}


def test_the_oldest_python_is_the_one_that_the_project_names():
    assert PROJECT["requires-python"] == f">={OLDEST}"
    assert f"Debian 12's {OLDEST} is enough" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("python", PYTHONS)
def test_every_locked_package_admits_each_python(python):
    wanted = {name: distribution(name).metadata.get("Requires-Python") for name in pins_of("requirements-dev.txt")}
    assert not {name: range_ for name, range_ in wanted.items() if range_ and python not in SpecifierSet(range_)}


@each_lock
def test_lock_files_have_hashes_and_no_addresses(lock):
    source = (ROOT / lock).read_text()
    assert not re.findall(r"https?:|file:/|--(?:extra-)?index-url|--find-links|--trusted-host| @ ", source)
    hashed = re.findall(r"^[A-Za-z0-9._-]+(?:\[[^\]]*\])?==[^ ]+ \\\n    --hash=sha256:", source, flags=re.M)
    assert len(hashed) == len(pins_of(lock)) > 50


def test_the_lock_for_development_holds_the_one_for_production_with_its_hashes():
    def blocks(lock):
        return set(re.findall(r"^[A-Za-z0-9].*(?:\n +--hash=.*)+", (ROOT / lock).read_text(), flags=re.M))

    assert blocks("requirements.txt") < blocks("requirements-dev.txt")
