"""A device with pages of an exam on it, without a browser: the runner's queue in a JavaScript engine, and a server that is told when to fail."""

import json
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from py_mini_racer import MiniRacer

NINE = 1_770_000_000_000  # milliseconds
HOUR = 3_600_000
GRACE = 20_000
ITEMS = (1, 2, 3)
HERE = Path(__file__).parent
QUEUE = Path(settings.BASE_DIR) / "lms/static/lms/js/queue.js"


class Server:
    """Keeps answers as the real one does: of each question the highest sequence, and nothing after the end and the grace."""

    def __init__(self, ends=NINE + HOUR):
        self.ends, self.visit, self.over, self.answers, self.events, self.refuses = ends, 1, False, {}, [], set()
        self.kept, self.late = [], {}

    def take(self, kind, body, now):
        return self.save(body, now) if kind == "save" else self.tell(body, now)

    def save(self, answers, now):
        if self.over or now > self.ends + GRACE:
            return 409, {"error": "too late"}
        if any(one["item"] in self.refuses for one in answers):
            return 400, {"error": "too long"}
        for one in answers:
            there = self.answers.get(one["item"], {"sequence": 0})
            if one["sequence"] > there["sequence"]:
                self.answers[one["item"]] = {"sequence": one["sequence"], "response": one["response"]}
                self.kept.append(one)
        stands = {str(one["item"]): self.answers[one["item"]]["sequence"] for one in answers}
        return 200, {**self.moment(now), "saved_at": iso(now), "sequences": stands, "notes": {}}

    def tell(self, body, now):
        self.events += body["kinds"]
        return 200, {**self.moment(now), "over": self.over}

    def moment(self, now):
        return {"ends_at": iso(self.ends), "now": now, "visit": self.visit}


def iso(milliseconds):
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


class Device:
    """`skew`: how far the device's clock is ahead of the server's. The engine is shared; one device at a time."""

    engine = None

    def __init__(self, server=None, skew=0):
        if Device.engine is None:
            Device.engine = MiniRacer()
            for path in (QUEUE, HERE / "world.js"):
                Device.engine.eval(path.read_text())
        self.server, self.skew = server or Server(), skew
        self.do("reset", NINE + skew)

    def do(self, act, *values):
        said = Device.engine.eval(f"JSON.stringify(world.{act}({', '.join(map(json.dumps, values))}) ?? null)")
        return json.loads(said)

    @property
    def now(self):
        """The server's time: that which passes, whatever the device's clock is set to."""
        return NINE + round(self.do("moment")["steady"])

    def open(self, page="one", *, visit=None):
        answers = self.server.answers
        items = {item: answers.get(item, {"sequence": 0, "response": None}) for item in ITEMS}
        self.server.visit += visit is None
        known = {"now": self.now, "ends": self.server.ends, "visit": visit or self.server.visit, "grace": GRACE, "items": items}
        self.do("open", page, known)
        return self

    def given(self, item, response, page="one", wait=0):
        return self.do("given", page, str(item), response, wait)

    def pass_time(self, milliseconds):
        """Let it pass; nothing is answered meanwhile."""
        until = self.do("moment")["steady"] + milliseconds
        while self.do("fire", until):
            pass

    @property
    def posts(self):
        return self.do("posts")

    def answer(self, post=None):
        """The server takes the message (the oldest) and its answer arrives."""
        post = post or self.posts[0]
        self.do("settle", post["id"], *self.server.take(post["kind"], post["body"], self.now))

    def lose(self, post=None, *, taken=False):
        """The message is lost; or it was `taken`, and the answer is lost."""
        post = post or self.posts[0]
        if taken:
            self.server.take(post["kind"], post["body"], self.now)
        self.do("settle", post["id"], None, None)

    def run(self, milliseconds=0, step=250):
        """All goes well for so long."""
        for _step in range(max(1, milliseconds // step)):
            self.pass_time(step if milliseconds else 0)
            while self.posts:
                self.answer()

    def view(self, page="one"):
        return self.do("view", page)

    def said(self, page="one"):
        return [what for what, _more in self.view(page)["said"]]

    def waiting(self, page="one"):
        return {int(item): one["response"] for item, one in self.view(page)["queue"].items()}

    def late(self):
        """What the page after the exam would find that was never acknowledged."""
        return {int(item): one for item, one in self.do("late").items()}
