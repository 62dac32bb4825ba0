"""The supervisor, with small real processes."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from lms.home.management.commands.serve import parts_for

ROOT = Path(__file__).parents[3]
SLEEPER = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); print('up', flush=True); time.sleep(60)"


def supervisor(tmp_path, *programs):
    """A supervisor over children that run these programs, as a process of its own; its output goes to a file."""
    script = textwrap.dedent(
        f"""
        import os, sys
        sys.path.insert(0, {str(ROOT)!r})
        os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
        import django
        django.setup()
        from lms.home.management.commands.serve import Child, supervise
        children = [Child(str(n), [sys.executable, "-c", code]) for n, code in enumerate({list(programs)!r})]
        supervise(children, say=lambda text: print(text, flush=True), step=0.05)
        print("all stopped", flush=True)
        """
    )
    log = tmp_path / "log"
    with log.open("w") as output:
        environment = os.environ | {"LMS_DATA_DIR": str(tmp_path)}
        process = subprocess.Popen([sys.executable, "-c", script], stdout=output, stderr=subprocess.STDOUT, env=environment)
    return process, log


def wait_for(log, text, count=1, seconds=60):
    end = time.monotonic() + seconds
    while log.read_text().count(text) < count:
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_stops_all(tmp_path, number):
    process, log = supervisor(tmp_path, SLEEPER, SLEEPER)
    wait_for(log, "up", 2)
    process.send_signal(number)
    assert process.wait(30) == 0
    assert "all stopped" in log.read_text()


def test_a_child_that_dies_is_started_again(tmp_path):
    once = tmp_path / "once"
    dies_once = f"import os, pathlib; p = pathlib.Path({str(once)!r}); first = not p.exists(); p.touch(); first and os.abort(); {SLEEPER}"
    process, log = supervisor(tmp_path, SLEEPER, dies_once)
    wait_for(log, "up", 2)
    assert "1 ended with -6; starting it again." in log.read_text()
    process.terminate()
    assert process.wait(30) == 0


def test_without_a_broker_the_web_process_works_and_a_sweep_stands_beside_it(settings):
    settings.BACKGROUND = "thread"
    assert set(parts_for("127.0.0.1:8000")) == {"web", "sweep"}


def test_with_a_broker_web_worker_and_beat_run(settings):
    settings.BACKGROUND = "celery"
    assert set(parts_for("127.0.0.1:8000")) == {"web", "worker", "beat"}
