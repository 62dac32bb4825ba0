"""Somebody at a device. Every page that they come to is looked over: console, network, width, accessibility."""

import re
from contextlib import contextmanager

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, expect

from tests.browser.server import PASSWORD

DEVICES = {
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 1},
    "tablet": {"viewport": {"width": 820, "height": 1180}, "has_touch": True, "is_mobile": True, "device_scale_factor": 1},
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}
LOCALES = {"zh-hans": "zh-CN", "en": "en-US"}
AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.impact} ${one.id}: ` + one.nodes.slice(0, 5).map((node) => node.target.join(" ") + " — " + (node.any[0] || node.all[0] || node.none[0] || {}).message).join(" | "));
}"""
# What reaches over the right edge, for the message when the page does.
WIDE = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width && box.right > document.documentElement.clientWidth + 1 && !one.closest(".scroll, .palette, .tabs");
}).slice(0, 5).map((one) => one.tagName + "." + one.className)"""


def evaluated(page, *scripts):
    """What the last of the scripts gives. Where the page goes on to another one meanwhile, they are asked again of that one."""
    for _page in range(3):
        try:
            return [page.evaluate(script) for script in scripts][-1]
        except Error as error:
            if "Execution context was destroyed" not in str(error):
                raise
            page.wait_for_load_state("load")
    raise AssertionError("the page goes on and on")


def wait_until(page, script):
    """Until the script gives something true. Playwright's own waiting evaluates text again and again, which our policy forbids a page."""
    for _look in range(150):
        if evaluated(page, script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {script}")


class Visitor:
    """`visit` a path, `follow` a link, `press` a button: after each the page that comes is looked over."""

    def __init__(self, browser, server, device, language, theme="light"):
        self.server, self.language, self.device = server, language, device
        self.context = browser.new_context(
            **DEVICES[device],
            locale=LOCALES[language],
            timezone_id="Asia/Shanghai",
            color_scheme=theme,
            reduced_motion="reduce",
            base_url=server.url,
            accept_downloads=True,
        )
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        self.number = None
        self.problems = []
        self.is_offline = False
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._note(f"page error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _note(self, problem):
        if not self.is_offline:
            self.problems.append(problem)

    def _console(self, message):
        if message.type in {"error", "warning"}:
            self._note(f"console {message.type}: {message.text}")

    def _failed(self, request):
        # A download or a page left in the middle of a poll is aborted by the browser itself.
        if request.failure != "net::ERR_ABORTED":
            self._note(f"request failed: {request.method} {request.url} {request.failure}")

    def _answered(self, response):
        if response.status >= 400:
            self._note(f"{response.status}: {response.request.method} {response.url}")

    # -- getting about

    def sign_in(self, number):
        """By the form, as everyone does."""
        self.visit("/sign-in/")
        self.page.fill("[name=login]", number)
        self.page.fill("[name=password]", PASSWORD)
        self.press("form[action='/sign-in/'] button.go")
        assert self.path == "/", f"{number} is not signed in but at {self.path}"
        self.number = number
        return self

    def visit(self, path):
        self.problems = []
        response = self.page.goto(path)
        assert response.status == 200, f"{path}: {response.status}"
        self.look_over()
        return self.page

    def enter_exam(self, door, code):
        """Through the door of a theory exam into the runner, whether it was begun before or not."""
        self.visit(door)
        if self.page.locator("[name=access_code]").count():
            self.page.fill("[name=access_code]", code)
        if self.path == door:
            self.press("main form button.go")
        return self.page

    def follow(self, selector):
        """Go where a link leads."""
        self.page.locator(selector).first.click()
        self.settle()
        self.look_over()
        return self.page

    def press(self, selector, *, confirm=False):
        """Press a button that sends a form; where the page asks first, say yes."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
            if confirm:
                yes = self.page.locator("dialog#confirm [value=yes]")
                expect(self.page.locator("dialog#confirm h2")).to_have_text(yes.inner_text())  # it is named by what is done
                yes.click()
        self.settle()
        self.look_over()
        return self.page

    def reload(self):
        self.page.reload()
        self.look_over()

    def download(self, selector):
        """What a link or a button hands over: (name, bytes)."""
        with self.page.expect_download() as waiting:
            self.page.locator(selector).first.click()
        file = waiting.value
        return file.suggested_filename, file.path().read_bytes()

    def fetch(self, selector):
        """What lies behind a link that this browser would show in a viewer."""
        response = self.context.request.get(self.page.locator(selector).first.get_attribute("href"))
        assert response.ok, f"{response.url}: {response.status}"
        return response.body()

    def settle(self):
        self.page.wait_for_load_state("load")

    @property
    def path(self):
        return self.page.url.removeprefix(self.server.url).split("?")[0].split("#")[0]

    def hrefs(self, selector):
        return [link.get_attribute("href") for link in self.page.locator(selector).all()]

    @contextmanager
    def offline(self):
        """The network is gone; what the browser says about that is no fault."""
        self.is_offline = True
        self.context.set_offline(True)
        try:
            yield
        finally:
            self.context.set_offline(False)

    def back_online(self):
        self.is_offline = False

    def close(self):
        self.context.close()

    # -- looking over

    def look_over(self):
        """Nothing in the console, nothing refused or missing, no wider than the screen, usable for everyone."""
        self.settle()
        wide = evaluated(self.page, "document.documentElement.scrollWidth") - self.page.viewport_size["width"]
        if wide > 0:
            self._note(f"{wide} px wider than the screen: {evaluated(self.page, WIDE)}")
        self.problems += evaluated(self.page, AXE_SCRIPT, AXE)
        found, self.problems = self.problems, []
        where = f"{self.path} ({self.device}, {self.language})"
        assert not found, f"{where}:\n" + "\n".join(found)
        assert not re.search(r"\{[{%]", self.page.inner_text("body")), f"{where}: a template tag is shown as text"
