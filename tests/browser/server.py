"""A demo dealership of its own, served by gunicorn as in production, for the browser to walk through."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
PASSWORD = "pitlane-2026"
STAGE = "running"
HISTORY = "3"  # quarters: enough for levels, certificates and pay; two years would take twice as long


class DemoServer:
    """Builds the demo once in a folder of its own, serves it on a free port, and is gone afterwards."""

    def __init__(self, folder):
        self.folder = Path(folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        self.environment = {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "lms.settings",
            "LMS_DATA_DIR": str(self.folder),
            "LMS_DEMO": "true",
            "LMS_DEBUG": "false",
            "LMS_HTTPS": "false",
            "LMS_SECRET_KEY": "of-the-browser-tests-only-" * 3,
            "LMS_ALLOWED_HOSTS": "127.0.0.1",
            "LMS_BASE_URL": self.url,
            "LMS_LOG_LEVEL": "WARNING",
        }
        self.process = None

    def build(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        is_new = not (self.folder / "pitlane.sqlite3").exists()
        self.run("manage.py", "compile_translations")
        self.run("manage.py", "migrate", "--no-input", "-v0")
        if is_new:
            self.run("manage.py", "seed_demo", "--stage", STAGE, "--history", HISTORY)
        self.run("manage.py", "collectstatic", "--no-input", "-v0")

    def run(self, *command):
        """What a command of ours says; its error where it fails."""
        done = subprocess.run([sys.executable, *command], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def arrange(self, what, *arguments):
        """Set something up behind the scenes, by the product's own actions: see arrange.py. Returns what it found."""
        code = f"from tests.browser.arrange import say; say({what!r}, {arguments!r})"
        return json.loads(self.run("manage.py", "shell", "-v0", "--no-imports", "-c", code).splitlines()[-1])

    def start(self):
        command = ["-m", "gunicorn", "lms.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "4"]
        self.log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log)
        for _try in range(600):
            try:
                return urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
            except OSError:
                assert self.process.poll() is None, (self.folder / "server.log").read_text()[-4000:]
                time.sleep(0.1)
        raise AssertionError("the server did not answer within a minute")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(30)
            self.log.close()
