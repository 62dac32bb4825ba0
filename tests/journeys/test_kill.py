"""A server killed between an acknowledged answer and the next loses nothing, and the candidate goes on where they were."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.exams.models import Attempt
from lms.common import triggers
from tests.factories.assessments import CODE, items_of, make_papers, responses, responses_given, shown_in

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _flushable(transactional_db):
    """SQLite empties tables row by row, which the append-only triggers refuse; `post_migrate` puts them back."""
    yield
    triggers.drop_all()


class Server:
    """A real gunicorn on the test's database."""

    def __init__(self, tmp_path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **os.environ,
            "LMS_DATABASE_URL": self.database(),
            "LMS_DATA_DIR": str(tmp_path),
            "LMS_BROKER_URL": "",
            "LMS_REDIS_URL": settings.CACHES["default"]["LOCATION"] if settings.REDIS_URL else "",
        }
        self.process = None

    @staticmethod
    def database():
        values = connection.settings_dict
        if connection.vendor == "sqlite":
            return f"sqlite:///{values['NAME']}"
        return f"postgresql://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT'] or 5432}/{values['NAME']}"

    def start(self):
        command = [sys.executable, "-m", "gunicorn", "lms.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "4"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _try in range(600):
            try:
                return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
            except OSError:
                assert self.process.poll() is None, "the server did not start"
                time.sleep(0.1)
        raise AssertionError("the server did not answer within a minute")

    def kill(self):
        """kill -9, master and workers at once."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def server(tmp_path, _flushable):
    server = Server(tmp_path)
    yield server
    server.kill()


class Browser:
    """A candidate's device, signed in."""

    def __init__(self, server, user):
        client = Client()
        client.force_login(user)
        self.base = f"http://127.0.0.1:{server.port}"
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        token = "a" * 32
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
            "X-CSRFToken": token,
        }

    def get(self, path):
        with urllib.request.urlopen(self.request(path), timeout=20) as answer:
            return answer.url, answer.read().decode()

    def post(self, path, body, content_type="application/x-www-form-urlencoded"):
        data = json.dumps(body) if "json" in content_type else urlencode(body)
        with urllib.request.urlopen(self.request(path, data.encode(), content_type), timeout=20) as answer:
            return answer.url, answer.read().decode()

    def request(self, path, data=None, content_type=""):
        return urllib.request.Request(self.base + path, data, self.headers | ({"Content-Type": content_type} if content_type else {}))

    def save(self, attempt, item, sequence, response):
        body = {"item": item, "sequence": sequence, "response": response}
        return json.loads(self.post(f"/exams/attempts/{attempt}/save/", body, "application/json")[1])


def test_a_killed_server_loses_no_acknowledged_answer(server):
    now = timezone.now()
    paper = make_papers(opens_at=now - timedelta(minutes=5), closes_at=now + timedelta(hours=2))[0]
    (first, *rest), right = items_of(paper), responses(paper)
    server.start()
    browser = Browser(server, paper.candidate.user)
    browser.post(f"/exams/papers/{paper.pk}/", {"access_code": CODE})
    attempt = Attempt.objects.get()

    assert browser.save(attempt.pk, first.pk, 1, right[first.pk])["sequence"] == 1
    server.kill()
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        browser.save(attempt.pk, rest[0].pk, 2, right[rest[0].pk])
    assert responses_given(Attempt.objects.get()) == {first.pk: right[first.pk]}

    server.start()
    url, page = browser.get(f"/exams/attempts/{attempt.pk}/")  # a page of its own: the candidate reloads
    assert url.endswith(f"/exams/attempts/{attempt.pk}/")
    assert shown_in(page, first) == right[first.pk]
    for sequence, item in enumerate(rest, start=2):
        browser.save(attempt.pk, item.pk, sequence, right[item.pk])
    server.kill()
    server.start()
    browser.post(f"/exams/attempts/{attempt.pk}/submit/", {})
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score) == (Attempt.Status.MARKED, 100)
