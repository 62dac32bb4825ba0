import os
import shutil
from pathlib import Path

import pytest

from tests.browser.server import DemoServer
from tests.browser.visitor import Visitor

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Of the package, not of the session: Playwright keeps an event loop running, under which Django's ORM would refuse to work.
@pytest.fixture(scope="package")
def browser():
    """The system's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright  # not needed where there is no browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(browser, tmp_path_factory):
    """The demo, built once for all browser tests and served while they run; each of the parallel runners has its own.

    BROWSER_DEMO=folder keeps it for the next run.
    """
    kept = os.environ.get("BROWSER_DEMO")
    folder = Path(kept).resolve() / os.environ.get("PYTEST_XDIST_WORKER", "alone") if kept else tmp_path_factory.mktemp("demo")
    server = DemoServer(folder)
    server.build()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="package")
def exam(server):
    """A theory exam at the second dealer that is open now: {"code", "doors": {number: path}}."""
    return server.arrange("exam_now", "YT02", "technical")


@pytest.fixture
def visitor(browser, server):
    """`visitor("phone", "en", "YT01011")` → somebody with a phone in English, signed in; without a number, a stranger."""
    open_ones = []

    def visitor(device, language, number=None, theme="light"):
        one = Visitor(browser, server, device, language, theme)
        open_ones.append(one)
        return one.sign_in(number) if number else one

    yield visitor
    for one in open_ones:
        one.close()
