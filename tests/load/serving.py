"""What the scripts of this folder share: a database of their own, a server with its processes, and what these took of a CPU."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "c" * 32


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_of(pids):
    """Nanoseconds on a CPU of these processes, all threads, by the scheduler's account."""
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            total += int(task.read_text().split()[0])
    return total


def children_of(pid):
    return [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]


class Site:
    """gunicorn with one worker and its database backends."""

    def __init__(self, module, port, checkout=ROOT):
        bind = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "1", "--keep-alive", "60", "--log-level", "warning"]
        self.process = subprocess.Popen([sys.executable, "-m", "gunicorn", module, *bind], cwd=checkout)
        self.port, self.client = port, None

    def wait(self):
        for _try in range(300):
            try:
                http.client.HTTPConnection("127.0.0.1", self.port, timeout=5).request("GET", "/healthz")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("gunicorn did not start")

    def ask(self, step, cookies, location=""):
        self.client = self.client or http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "X-CSRFToken": TOKEN,
            "Content-Type": step.kind,
            "X-Forwarded-For": f"10.0.{time.time_ns() % 250}.{time.time_ns() // 1000 % 250}",
        }
        session = f"pitlane_session={cookies[step.by]}; " if step.by is not None else ""
        headers["Cookie"] = f"{session}pitlane_csrf={TOKEN}; pitlane_language=zh-hans"
        self.client.request(step.method, location if step.path == "{location}" else step.path, step.data or None, headers)
        answer = self.client.getresponse()
        body = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{step.method} {step.path} answered {answer.status}: {body[:300]!r}")
        return len(body), answer.headers.get("Location", "")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def backends():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def refuse_uncompiled(checkout):
    """Without its compiled catalogues the product speaks English only, and looks every text up in vain: that is not what is served."""
    for source in sorted(Path(checkout).glob("lms/locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            raise SystemExit(f"{source} is newer than what was compiled of it. Run manage.py compile_translations there first.")


def make_database(url, template="template1"):
    import psycopg

    parts = urlsplit(url)
    name = parts.path[1:]
    if "cost" not in name:
        raise SystemExit("The database is dropped and made anew, so its name must hold the word “cost”.")
    with psycopg.connect(url.removesuffix(f"/{name}") + "/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
