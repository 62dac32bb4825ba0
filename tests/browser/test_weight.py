"""What a first visit costs on a slow phone: bytes over the wire with an empty cache, content images aside."""

import pytest

from tests.browser.visitor import Visitor
from tests.each import each

pytestmark = pytest.mark.browser
MOST_BYTES = 100_000
MOST_REQUESTS = 8


class Meter:
    """Counts what the network really carried, as Chromium saw it."""

    def __init__(self, one):
        self.kinds, self.bytes, self.addresses = {}, {}, {}
        self.devtools = one.context.new_cdp_session(one.page)
        self.devtools.on("Network.responseReceived", self._received)
        self.devtools.on("Network.loadingFinished", self._finished)
        self.devtools.send("Network.enable")
        self.devtools.send("Network.setCacheDisabled", {"cacheDisabled": False})

    def _received(self, event):
        self.kinds[event["requestId"]] = event["type"]
        self.addresses[event["requestId"]] = event["response"]["url"]

    def _finished(self, event):
        self.bytes[event["requestId"]] = int(event["encodedDataLength"])

    def first_visit(self, one, path):
        """(bytes, [(address, bytes), …]) of a page that this browser has never seen anything of."""
        self.devtools.send("Network.clearBrowserCache")
        for seen in (self.kinds, self.bytes, self.addresses):
            seen.clear()
        one.page.goto(path)
        one.page.wait_for_load_state("networkidle")
        carried = [(self.addresses[key], size) for key, size in self.bytes.items() if key in self.addresses and not self._is_content(key)]
        return sum(size for _address, size in carried), carried

    def _is_content(self, key):
        return self.kinds[key] == "Image" and "/static/" not in self.addresses[key]


@pytest.fixture(scope="module")
def candidate(browser, server, exam):
    one = Visitor(browser, server, "phone", "zh-hans")
    yield one.sign_in(next(iter(exam["doors"])))
    one.close()


def test_a_first_visit_to_a_staff_page_is_below_100_kilobytes(candidate):
    meter = Meter(candidate)
    page = candidate.visit("/learn/")
    course = page.locator("main a.card").first.get_attribute("href")
    page = candidate.visit(course)
    lesson = page.locator("ol.lessons a").first.get_attribute("href")
    pages = ["/", "/learn/", course, lesson, "/training/", "/exams/", "/growth/", "/sign-in/"]
    weights = {path: meter.first_visit(candidate, path) for path in pages}
    assert not [
        f"{path}: {total} bytes: {sorted(parts, key=lambda part: -part[1])[:6]}"
        for path, (total, parts) in weights.items()
        if total >= MOST_BYTES
    ]
    assert all(total > 2_000 for total, _parts in each(weights.values())), "nothing was measured"


def test_the_exam_runner_is_at_most_8_requests_and_100_kilobytes(candidate, exam):
    candidate.enter_exam(exam["doors"][candidate.number], exam["code"])
    total, parts = Meter(candidate).first_visit(candidate, candidate.path)
    # What it tells the server once it runs is no part of loading it.
    loaded = [part for part in parts if not part[0].endswith(("/save/", "/events/"))]
    assert len(loaded) <= MOST_REQUESTS, loaded
    assert total < MOST_BYTES, loaded
