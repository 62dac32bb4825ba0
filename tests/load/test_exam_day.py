"""A small exam day on services, so that the script of the big one runs as it stands and its promises are held at every landing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.load.exam_day import GRACE, fates_of

ROOT = Path(__file__).resolve().parents[2]


def test_one_in_twenty_loses_the_network_half_of_them_over_the_end_and_one_in_fifty_moves():
    fates = fates_of(200, 600, 60)
    offline = [fate.offline for fate in fates if fate.offline[1]]
    assert len(offline) == 10
    assert sum(back > 600 for _from, back in offline) == 5
    assert max(back for _from, back in offline) <= 600 + 2 * GRACE
    assert sum(fate.moves is not None for fate in fates) == 4
    assert not [fate for fate in fates if fate.moves and fate.offline[1]]
    assert max(fate.begins for fate in fates) <= 60


@pytest.mark.services
def test_a_small_exam_day_loses_no_answer_and_is_marked_within_a_minute():
    server = settings.DATABASE_URL.rpartition("/")[0]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    asked = ["--candidates", "40", "--minutes", "1", "--begin", "15", "--database", f"{server}/pitlane_cost_day_{worker}"]
    day = subprocess.run(
        [sys.executable, "tests/load/exam_day.py", *asked, "--broker", settings.BROKER_URL],
        cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert day.returncode == 0, day.stdout[-2000:] + day.stderr[-4000:]
    assert "acknowledged 0 are lost" in day.stdout
