"""Whatever the network, the tabs and the devices do: nothing acknowledged is lost, the last answer given wins, and what never reached the
server in time is found on the device.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assessments.exams.runner.device import GRACE, ITEMS, Device

GIVE = st.tuples(st.just("give"), st.sampled_from(ITEMS), st.sampled_from([["a"], ["b"], ["c", "d"], None]), st.sampled_from([0, 600]))
PASS = st.tuples(st.just("wait"), st.sampled_from([10, 700, 3000, 16_000, 40_000]))
NETWORK = st.tuples(st.sampled_from(["answer", "lose", "lose the answer"]))
PAGES = st.tuples(st.sampled_from(["reload", "open a tab", "go on elsewhere", "network"]))
CLOCK = st.tuples(st.just("set the clock"), st.sampled_from([-7_200_000, -5000, 5000, 7_200_000]))
STORAGE = st.tuples(st.just("fill the storage"), st.booleans())


class Candidate:
    """Takes steps on a device, and remembers what was given last to each question."""

    def __init__(self):
        self.device, self.pages, self.last, self.acknowledged = Device().open("p1"), ["p1"], {}, {}

    def take(self, step):
        what, *values = step
        getattr(self, what.replace(" ", "_"))(*values)
        while self.device.do("hear"):
            pass
        self.device.pass_time(1)
        self.remember()

    def remember(self):
        """Of each question the sequence that was acknowledged never falls."""
        now = {item: one["sequence"] for item, one in self.device.server.answers.items()}
        assert [item for item, sequence in self.acknowledged.items() if now[item] < sequence] == []
        self.acknowledged = now

    def give(self, item, response, wait):
        for page in self.pages:
            if self.device.given(item, response, page, wait):
                self.last[item] = response
                self.device.pass_time(1)

    def wait(self, milliseconds):
        self.device.pass_time(milliseconds)

    def network(self):
        for page in self.pages:
            self.device.do("tell", page, "reconnected")

    def _with_a_message(self, act):
        if self.device.posts:
            act(self.device.posts[0])

    def lose(self):
        self._with_a_message(self.device.lose)

    def lose_the_answer(self):
        self._with_a_message(lambda post: self.device.lose(post, taken=True))

    def answer(self):
        self._with_a_message(self.device.answer)

    def reload(self):
        if self.device.view(self.pages[-1])["safe"]:
            self.device.do("close", self.pages[-1])
            self.pages[-1] += "r"
            self.device.open(self.pages[-1])

    def open_a_tab(self):
        if self.device.view(self.pages[-1])["safe"]:
            self.pages.append(f"p{len(self.pages) + 1}")
            self.device.open(self.pages[-1])

    def go_on_elsewhere(self):
        """Another device loads the paper, and answers the first question anew."""
        server = self.device.server
        newest = max([self.device.now, *(one["sequence"] + 1 for one in server.answers.values())])
        server.visit += 1
        server.answers[1] = {"sequence": newest, "response": ["z"]}
        self.last[1] = ["z"]

    def set_the_clock(self, milliseconds):
        self.device.do("set", {"wall": milliseconds})
        for page in self.pages:
            self.device.do("clock", page, "jumped")

    def fill_the_storage(self, is_full):
        self.device.do("set", {"full": is_full})


def follow(steps):
    candidate = Candidate()
    for step in steps:
        candidate.take(step)
    return candidate


def stands(device):
    return {item: one["response"] for item, one in device.server.answers.items()}


ONE_DEVICE = st.lists(
    st.one_of(GIVE, GIVE, PASS, NETWORK, NETWORK, PAGES.filter(lambda step: step != ("go on elsewhere",)), CLOCK), max_size=25
)
SEVERAL = st.lists(st.one_of(GIVE, GIVE, PASS, NETWORK, NETWORK, PAGES, STORAGE), max_size=25)


@settings(max_examples=60, deadline=None)
@given(steps=ONE_DEVICE)
def test_when_the_network_comes_back_the_server_has_the_last_answer_to_each_question(steps):
    candidate = follow(steps)
    candidate.network()
    candidate.device.run(65_000, step=5000)
    assert stands(candidate.device) == candidate.last
    assert candidate.device.late() == {}


@settings(max_examples=60, deadline=None)
@given(steps=SEVERAL)
def test_so_it_has_with_another_device_and_a_storage_that_fills_up(steps):
    candidate = follow(steps)
    candidate.network()
    candidate.device.run(65_000, step=5000)
    assert stands(candidate.device) == candidate.last


@settings(max_examples=60, deadline=None)
@given(steps=ONE_DEVICE, dies=st.booleans())
def test_when_it_does_not_each_answer_is_acknowledged_or_found_on_the_device(steps, dies):
    candidate = follow(steps)
    device = candidate.device
    device.server.ends = device.now
    for page in candidate.pages:
        device.do("tell", page, "end")
    for _step in range(GRACE // 2000 + 2):
        while device.posts:
            device.lose()
        device.pass_time(2000)
    for page in candidate.pages if dies else []:
        device.do("close", page)
    device.run(65_000, step=5000)
    late = {item: one["response"] for item, one in device.late().items()}
    assert stands(device) | late == candidate.last
    assert all(one["sequence"] >= device.server.answers.get(item, {"sequence": 0})["sequence"] for item, one in device.late().items())
