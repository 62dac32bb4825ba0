"""The clock of the tests. Every run begins at one moment, whatever the day: `MOMENT`, or that of `pytest --at 2028-02-29T23:30+08:00`.

From there the clock ticks, in the tests and, through `sitecustomize.py` beside this file, in every Python that they start:
servers, workers, commands. All of them are the same number of seconds away from the machine's clock. What keeps its own clock is outside: PostgreSQL, SQLite, Redis and Chromium. So no rule of the product asks the
database for the time, but for one trigger (see test_clock.py in tests/architecture).
"""

import os
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine

HOME = Path(__file__).parent
OFFSET = "TESTS_CLOCK_OFFSET"  # seconds between the set clock and the machine's, for processes that the tests start
MOMENT = "2026-11-25T10:00+08:00"  # a Wednesday morning in the middle of a quarter
# Where software stumbles: ends of year, quarter and month, 29 February, a holiday week with a table and without, a weekend,
# midnight here and midnight in UTC, the first minute of a quarter.
MOMENTS = [
    "2026-12-31T23:30+08:00",
    "2027-01-01T04:00+08:00",
    "2027-01-31T23:59+08:00",
    "2027-02-07T09:00+08:00",
    "2027-04-01T00:00+08:00",
    "2027-07-01T08:00+08:00",
    "2027-10-30T16:00+08:00",
    "2028-02-29T23:30+08:00",
    "2031-01-24T12:00+08:00",
]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment_of(text):
    """The moment that `--at` names; without an offset it is Shanghai's. Raises ValueError where it is no time."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def offset_to(text):
    """Seconds from the machine's clock to the moment that `--at` names."""
    return moment_of(text).timestamp() - machine_time()


def machine_time():
    """Seconds since 1970 by the machine's own clock."""
    return time_machine.escape_hatch.time.time() if time_machine.escape_hatch.is_travelling() else time.time()


def set_clock(offset):
    """Begin to live `offset` seconds from the machine's clock; returns the traveller, whose `stop` ends it."""
    traveller = time_machine.travel(machine_time() + offset, tick=True)
    traveller.start()
    return traveller


def tell_children(offset):
    """Python processes started from here on live by the same clock."""
    os.environ[OFFSET] = repr(offset)
    paths = [str(HOME), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(path for path in paths if path))
