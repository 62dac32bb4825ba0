"""The suite lives by a set clock, here and in the processes it starts, and the product asks nobody else for the time."""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from tests import clock

ROOT = settings.BASE_DIR
LEAP_NIGHT = "2028-02-29T23:30+08:00"
# How long a run may take, on a slow machine.
RUN = timedelta(hours=6)


def test_the_run_began_at_its_moment(pytestconfig):
    assert timedelta(0) <= timezone.now() - clock.moment_of(pytestconfig.getoption("at")) < RUN


def test_a_process_that_a_test_starts_lives_by_the_same_clock():
    code = "import time; print(time.time())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert abs(float(said) - timezone.now().timestamp()) < 60


def test_a_process_that_a_test_starts_is_the_product_and_no_test():
    code = "import sys; print('pytest' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def run_of_its_own(*arguments):
    """pytest from a shell, where no clock is set yet."""
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=outside, capture_output=True, text=True, check=False)


def test_a_run_begins_where_it_is_told_to():
    test = f"{__file__}::test_the_run_began_at_its_moment"
    done = run_of_its_own("-q", "-p", "no:cacheprovider", "--at", LEAP_NIGHT, test)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_moment_that_is_none_is_refused_in_words():
    done = run_of_its_own("--at", "tomorrow", __file__)
    assert (done.returncode, "--at: Invalid isoformat string: 'tomorrow'" in done.stderr) == (pytest.ExitCode.USAGE_ERROR, True)


def test_a_moment_without_an_offset_is_one_in_shanghai():
    assert clock.moment_of("2027-01-01T04:00") == clock.moment_of("2026-12-31T20:00+00:00")


@pytest.mark.time_machine("2027-02-07T09:00+08:00")
def test_a_test_may_set_a_clock_of_its_own():
    assert timezone.localdate() == datetime(2027, 2, 7).date()


# A database keeps its own clock, in its own zone: what is true “today” is for the product to say.
CLOCKS_OF_DATABASES = re.compile(r"CURRENT_(?:DATE|TIME)|LOCALTIME(?:STAMP)?\b|\bNow\(\)|\bdb_default=(?!Value)[^\d\"]|'now'")
OURS = [
    path
    for folder in ("lms", "courses", "assessments", "talent_pool")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.parent.name != "migrations"
]


def test_the_product_asks_no_database_what_time_it_is():
    """But for the triggers' `TODAY`, which is early everywhere, so that it refuses too soon rather than too late."""
    asking = {str(path.relative_to(ROOT)) for path in OURS if CLOCKS_OF_DATABASES.search(path.read_text())}
    assert asking == {"lms/common/trigger_store.py"}
