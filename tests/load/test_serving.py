"""What is measured is the product as it is served."""

import os

import pytest

from tests.load.serving import refuse_uncompiled


@pytest.fixture
def catalogues(tmp_path):
    """A checkout with one catalogue, compiled after it was written."""
    folder = tmp_path / "lms/locale/zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    for name, written in (("django.po", 100), ("django.mo", 100)):
        (folder / name).touch()
        os.utime(folder / name, (written, written))
    return folder


def test_a_checkout_whose_catalogues_are_compiled_is_measured(catalogues):
    refuse_uncompiled(catalogues.parents[3])


def test_catalogues_never_compiled_are_refused_by_name(catalogues):
    (catalogues / "django.mo").unlink()
    with pytest.raises(SystemExit, match=r"django\.po is newer.*compile_translations"):
        refuse_uncompiled(catalogues.parents[3])


def test_catalogues_changed_since_are_refused(catalogues):
    os.utime(catalogues / "django.po", (101, 101))
    with pytest.raises(SystemExit, match="compile_translations"):
        refuse_uncompiled(catalogues.parents[3])
