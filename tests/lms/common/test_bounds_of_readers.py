"""No file, however small, keeps a reader busy for long or takes the machine's memory: it ends with a sentence."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.utils import translation

from lms.common import limits
from lms.common.spreadsheets import UnreadableFile, read_rows, xlsx_bytes
from tests.lms.common.hostile_files import CSVS, HEAD, WORKBOOKS, cell, row, workbook

ALL = WORKBOOKS | CSVS
SECONDS = 15  # seconds; each takes two at most on a quiet machine


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("name", ALL)
def test_a_hostile_file_ends_with_a_sentence_that_names_the_bound(name):
    build, words = ALL[name]
    content, began = build(), time.monotonic()
    with pytest.raises(UnreadableFile, match=words):
        list(read_rows(content, "people"))
    assert time.monotonic() - began < SECONDS


HARMLESS = workbook(HEAD + row(cell("1001", "A2"), number=2))


@pytest.mark.parametrize(
    "content",
    [
        HARMLESS,
        workbook(HEAD + row(cell("1001", "A2"), number=2), before='<dimension ref="A1:XFD1048576"/>'),
        workbook(HEAD + row(cell("1001", "A2"), number=2), before='<dimension ref="A1"/>'),
        workbook(HEAD + row(cell("1001", "A2"), number=2), more=[("xl/media/picture.png", ["\x89PNG" + "x" * 12_000_000])]),
    ],
    ids=["as it should be", "claims to be huge", "claims to be one cell", "holds a large picture"],
)
def test_a_harmless_file_is_read_whole(content):
    assert [cells for cells in read_rows(content, "people.xlsx") if any(cells)] == [["工号"], ["1001"]]


def test_gaps_between_rows_are_kept_so_that_rows_keep_their_numbers():
    rows = list(read_rows(workbook(HEAD + row(cell("x", "B7"), number=7)), "people.xlsx"))
    assert [number for number, cells in enumerate(rows, start=1) if any(cells)] == [1, 7]


@pytest.mark.parametrize("content", [xlsx_bytes(["a"], [["b"]] * 300), b"a,b\n" * 2000], ids=["xlsx", "csv"])
def test_the_caller_hears_again_and_again_that_the_reader_lives(content):
    beats = []
    list(read_rows(content, "people", beat=lambda: beats.append(1)))
    assert len(beats) >= 3


class Stop(Exception):
    """What a cancelled job raises."""


@pytest.mark.parametrize("content", [HARMLESS, b"a,b\n"], ids=["xlsx", "csv"])
def test_what_the_beat_raises_ends_the_reading_as_it_is(content):
    def beat():
        raise Stop

    with pytest.raises(Stop):
        list(read_rows(content, "people", beat=beat))


@pytest.mark.parametrize("content", [HARMLESS, b"a,b\n" * 3], ids=["xlsx", "csv"])
def test_reading_stops_when_its_time_is_over(content, monkeypatch):
    monkeypatch.setattr(limits, "READING_SECONDS", -1)
    with pytest.raises(UnreadableFile, match="took longer"):
        list(read_rows(content, "people"))


MEASURE = """
import resource, sys
from tests.lms.common.hostile_files import CSVS, WORKBOOKS, workbook, HEAD, many
from django.conf import settings
import django
django.setup()
from lms.common.spreadsheets import UnreadableFile, read_rows
list(read_rows(workbook(HEAD), "warm.xlsx"))
contents = [build() for build, _words in (WORKBOOKS | CSVS).values()]
contents.append(workbook(HEAD, strings=many("<si><t>%s</t></si>" % ("x" * 60), 490_000)))  # the most that is taken
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for content in contents:
    try:
        for _row in read_rows(content, "x"):
            pass
    except UnreadableFile:
        pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
MOST_MEGABYTES = 300


def test_reading_all_of_them_takes_no_more_memory_than_is_set():
    root = Path(__file__).parents[3]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "lms.settings"}
    done = subprocess.run([sys.executable, "-c", MEASURE], cwd=root, capture_output=True, text=True, check=True, env=env)
    assert int(done.stdout.split()[-1]) < MOST_MEGABYTES
