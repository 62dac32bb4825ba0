"""`.ci/venv` with small wheels of its own and no network: what it installs, what it leaves alone, and what it says."""

import hashlib
import os
import subprocess
import sys
import zipfile

import pytest

from tests.architecture.locks import ROOT


class Index:
    """A folder of wheels, which pip asks instead of the network."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()

    def publish(self, name, version, *requires, extra=None):
        """A new release; returns its line for a lock."""
        path = self.folder / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in requires)]
        metadata += [f"Provides-Extra: {extra}"] if extra else []
        files = {
            f"{name}.py": f"version = {version!r}\n",
            f"{info}/METADATA": "\n".join(metadata) + "\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
        with zipfile.ZipFile(path, "w") as wheel:
            for file, text in files.items():
                wheel.writestr(file, text)
        asked = f"{name}[{extra}]" if extra else name
        return f"{asked}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


class Workplace:
    """A folder with a lock, and the script run in it as `make` does."""

    def __init__(self, folder):
        self.folder = folder
        self.index = Index(folder / "index")
        self.python = folder / "venv/bin/python"

    def install(self, *lines, **environment):
        (self.folder / "requirements.txt").write_text("".join(lines))
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "VIRTUAL_ENV"))}
        ours = {"PYTHON": sys.executable, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.index.folder), "PIP_CONFIG_FILE": os.devnull}
        script = [ROOT / ".ci/venv", "venv", "requirements.txt"]
        return subprocess.run(script, cwd=self.folder, env=inherited | ours | environment, capture_output=True, text=True, check=False)

    def has(self, name):
        """The installed version of a package, or None."""
        code = f"import importlib.util as u; print(u.find_spec({name!r}) and __import__({name!r}).version)"
        found = subprocess.run([self.python, "-I", "-c", code], capture_output=True, text=True, check=True)
        return found.stdout.strip().replace("None", "") or None


@pytest.fixture
def workplace(tmp_path):
    return Workplace(tmp_path)


def test_a_later_release_of_a_package_with_an_extra_changes_nothing(workplace):
    """What broke once: hash mode, which resolves, refused `coverage[toml]` when a newer coverage had been published."""
    lock = [
        workplace.index.publish("cover", "1.0", 'toml; extra == "toml"', extra="toml"),
        workplace.index.publish("toml", "1.0"),
        workplace.index.publish("plugin", "1.0", "cover[toml]>=1"),
    ]
    workplace.index.publish("cover", "2.0", extra="toml")
    done = workplace.install(*lock)
    assert done.returncode == 0, done.stderr
    assert [workplace.has(name) for name in ("cover", "toml", "plugin")] == ["1.0", "1.0", "1.0"]
    again = workplace.install(*lock)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_lock_that_does_not_fit_together_is_refused_in_words(workplace):
    done = workplace.install(workplace.index.publish("plugin", "1.0", "cover>=2"), workplace.index.publish("cover", "1.0"))
    assert done.returncode == 1
    assert "plugin 1.0 has requirement cover>=2, but you have cover 1.0." in done.stderr
    assert "do not fit together" in done.stderr
    assert "CONTRIBUTING.md" in done.stderr
    assert not list((workplace.folder / "venv").glob("installed-*"))


def test_what_an_older_lock_left_behind_is_swept_away_where_it_does_not_fit(workplace):
    old = workplace.index.publish("cover", "1.0")
    assert workplace.install(old, workplace.index.publish("plugin", "1.0", "cover<2")).returncode == 0
    done = workplace.install(workplace.index.publish("cover", "2.0"))
    assert done.returncode == 0, done.stderr
    assert [workplace.has(name) for name in ("cover", "plugin")] == ["2.0", None]


def test_a_file_that_is_not_the_locked_one_is_refused(workplace):
    line = workplace.index.publish("cover", "1.0")
    workplace.index.publish("cover", "1.0", "something-else")
    done = workplace.install(line)
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert "Installing failed; pip says why above." in done.stderr


def test_a_python_that_is_too_old_is_named(workplace):
    old = workplace.folder / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.11.1" || exit 1\n')
    old.chmod(0o755)
    done = workplace.install(PYTHON=str(old))
    assert done.returncode == 1
    assert "Pitlane needs Python 3.11.2 or newer; found: Python 3.11.1." in done.stderr
