"""Work is handed over without waiting: what a broker does not take, the sweep makes up for."""

import logging
import subprocess
import sys
import time

import pytest
from django.conf import settings as project

from lms.common import background
from lms.common.outages import Outage

HANG = """
import socket, time, django
server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen()
import os
os.environ |= {"DJANGO_SETTINGS_MODULE": "lms.settings", "LMS_BROKER_URL": "%s://127.0.0.1:%%d/0" %% server.getsockname()[1]}
if %r == "closed": server.close()
django.setup()
from celery import current_app
from lms.common.background import _send
for _time in range(20):
    began = time.monotonic()
    _send(current_app.tasks["home.sweep_lightly"], {})
    print("waited", time.monotonic() - began)
"""


@pytest.mark.parametrize("scheme", ["amqp", "redis"])
@pytest.mark.parametrize("broker", ["hangs", "closed"])
def test_nobody_waits_for_a_broker_that_is_gone(tmp_path, scheme, broker):
    environment = {"LMS_DATA_DIR": str(tmp_path), "PATH": "/usr/bin"}
    command = [sys.executable, "-c", HANG % (scheme, broker)]
    done = subprocess.run(command, cwd=project.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    first, *rest = [float(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("waited")]
    assert len(rest) == 19
    assert first < 6  # the library's first steps are in it, on a busy machine
    assert sum(rest) < 1
    assert done.stderr.count("The broker does not answer") == 1
    assert "the sweep makes up for what it did not take" in done.stderr


def test_a_service_is_left_alone_for_its_pause_and_asked_again_after_it():
    outage = Outage("It", "nothing is lost", pause=0.2)
    assert not outage.is_on
    outage.note(OSError())
    assert outage.is_on
    time.sleep(0.25)
    assert not outage.is_on


def test_an_outage_is_logged_once_a_minute(caplog):
    outage = Outage("It", "nothing is lost")
    with caplog.at_level(logging.WARNING):
        for _time in range(3):
            outage.note(ConnectionError("redis://:secret@host"))
        outage.log_after = 0
        outage.note(OSError())
    assert [record.getMessage() for record in caplog.records] == [
        "It does not answer (ConnectionError); nothing is lost.",
        "It does not answer (OSError); nothing is lost.",
    ]


def test_the_broker_is_left_alone_longer_than_a_page_takes():
    assert background.broker.pause >= 10
