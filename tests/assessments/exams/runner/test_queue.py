"""The runner's queue: nothing given is lost, the last answer wins, and the server is not stormed."""

import pytest

from tests.assessments.exams.runner.device import GRACE, HOUR, ITEMS, NINE, Device, Server


@pytest.fixture
def device():
    return Device().open()


def stands(device):
    return {item: one["response"] for item, one in device.server.answers.items()}


# -- one page, one network


def test_an_answer_is_kept_on_the_device_before_it_is_sent_and_leaves_the_queue_once_acknowledged(device):
    device.given(1, ["a"])
    assert {item: one["response"] for item, one in device.late().items()} == {1: ["a"]}
    device.pass_time(0)
    assert [post["kind"] for post in device.posts] == ["save"]
    device.answer()
    assert (device.waiting(), device.late(), stands(device)) == ({}, {}, {1: ["a"]})
    assert device.said()[-1] == "saved"


def test_what_is_typed_waits_for_a_pause_and_what_is_ticked_does_not(device):
    device.given(1, ["3"], wait=600)
    device.pass_time(500)
    device.given(1, ["3.2"], wait=600)
    device.pass_time(500)
    assert device.posts == []
    device.given(2, ["b"])
    device.pass_time(0)
    (post,) = device.posts
    assert [one["response"] for one in post["body"]] == [["3.2"], ["b"]], "the oldest first"


def test_one_message_is_under_way_at_a_time_and_each_change_has_a_higher_number(device):
    for item, response in [(2, ["a"]), (1, ["b"]), (2, ["c"])]:
        device.given(item, response)
        device.pass_time(0)
    assert len(device.posts) == 1
    device.run()
    numbers = [one["sequence"] for one in device.server.kept]
    assert numbers == sorted(set(numbers))
    assert stands(device) == {2: ["c"], 1: ["b"]}


def test_an_answer_changed_while_its_save_is_under_way_is_sent_again_and_wins(device):
    device.given(1, ["a"])
    device.pass_time(0)
    device.given(1, ["b"])
    device.answer()
    assert device.waiting() == {1: ["b"]}
    device.run()
    assert (device.waiting(), stands(device)) == ({}, {1: ["b"]})


def test_who_is_still_typing_when_a_save_comes_back_is_not_sent_letter_by_letter(device):
    device.given(1, ["3"], wait=600)
    device.pass_time(600)
    device.given(1, ["3."], wait=600)
    device.answer()
    assert device.posts == []
    device.given(1, ["3.2"], wait=600)
    device.run(1000)
    assert [one["response"] for one in device.server.kept] == [["3"], ["3.2"]]


def test_a_lost_acknowledgement_is_followed_by_the_same_message_which_changes_nothing(device):
    device.given(1, ["a"])
    device.pass_time(0)
    device.lose(taken=True)
    assert device.waiting() == {1: ["a"]}
    device.run(5000)
    assert device.waiting() == {}
    assert len(device.server.kept) == 1


def test_a_server_that_does_not_answer_is_asked_again_ever_more_slowly_and_no_two_devices_in_step(device):
    def pauses(chance):
        device.do("set", {"chance": chance})
        found = []
        for _try in range(8):
            begun = device.now
            while not device.posts:
                device.pass_time(50)
            found.append(device.now - begun)
            device.lose()
        return found

    device.given(1, ["a"])
    device.pass_time(0)
    device.lose()
    slow = pauses(0.5)
    assert slow == sorted(slow)
    assert slow[:4] == [1000, 2000, 4000, 8000]
    assert max(slow) == 30_000
    assert pauses(0.0)[1:] == [15_000] * 7
    device.do("tell", "one", "reconnected")
    assert device.posts, "when the network comes back nobody waits"


def test_a_request_that_hangs_is_given_up_after_fifteen_seconds(device):
    device.given(1, ["a"])
    device.pass_time(15_000)
    assert device.said()[-1] == "offline"
    device.pass_time(1500)
    assert len(device.posts) == 2
    device.answer(device.posts[1])
    assert device.waiting() == {}


@pytest.mark.parametrize("answer", [(500, None), (502, None), (429, {}), (200, None), (200, {"sequences": None}), (413, None)])
def test_an_answer_that_acknowledges_nothing_leaves_everything_where_it_was(device, answer):
    device.given(1, ["a"])
    device.pass_time(0)
    device.do("settle", device.posts[0]["id"], *answer)
    assert device.waiting() == {1: ["a"]}
    device.run(3000)
    assert stands(device) == {1: ["a"]}


def test_a_server_that_acknowledges_something_else_is_not_stormed(device):
    device.given(1, ["a"])
    device.pass_time(0)
    device.do(
        "settle",
        device.posts[0]["id"],
        200,
        {**device.server.moment(device.now), "saved_at": "2026-01-01T00:00:00Z", "sequences": {"2": 5}},
    )
    assert device.posts == []
    assert device.waiting() == {1: ["a"]}


@pytest.mark.parametrize("status", [302, 401, 403, 404])
def test_who_is_signed_out_keeps_the_answers_is_told_and_goes_on_after_signing_in(device, status):
    device.given(1, ["a"])
    device.pass_time(0)
    device.do("settle", device.posts[0]["id"], status, None)
    assert device.said()[-1] == "signed out"
    device.run(3000)
    assert stands(device) == {1: ["a"]}


def test_one_answer_that_is_refused_takes_no_other_with_it_and_stays_on_the_device(device):
    device.server.refuses = {2}
    for item in ITEMS:
        device.given(item, [f"a{item}"])
    device.run()
    assert stands(device) == {1: ["a1"], 3: ["a3"]}
    assert ["refused", {"item": 2, "reason": "too long"}] in device.view()["said"]
    assert device.late()[2]["response"] == ["a2"]
    device.server.refuses = set()
    device.given(2, ["b2"])
    device.run()
    assert stands(device)[2] == ["b2"]
    assert device.late() == {}


def test_a_refused_answer_that_was_changed_meanwhile_is_sent_as_it_is_now(device):
    device.server.refuses = {2}
    device.given(2, ["too long"])
    device.pass_time(0)
    post = device.posts[0]
    device.given(2, ["short"])
    device.do("settle", post["id"], 400, {"error": "too long"})
    device.server.refuses = set()
    device.run()
    assert stands(device) == {2: ["short"]}


def test_a_hundred_answers_go_in_one_message_and_no_message_is_too_big_for_a_page_that_is_left(device):
    for item in range(1, 251):
        device.given(item, ["x" * 40], wait=600)
    device.pass_time(600)
    assert len(device.posts[0]["body"]) == 100
    device.run()
    assert len(stands(device)) == 250
    for item in range(1, 81):
        device.given(item, ["y" * 1900], wait=600)
    device.pass_time(600)
    assert len(str(device.posts[0]["body"])) < 64_000
    device.run()
    assert all(stands(device)[item] == ["y" * 1900] for item in range(1, 81))


def test_flushing_promises_whether_all_is_in(device):
    device.do("flush", "one")
    assert device.do("flushed", "one") is True
    device.given(1, ["a"], wait=600)
    device.do("flush", "one")
    assert device.do("flushed", "one") is None, "not before it is acknowledged"
    device.given(2, ["b"], wait=600)
    device.run(1000)
    assert device.do("flushed", "one") is True
    device.given(3, ["c"], wait=600)
    device.do("flush", "one")
    device.lose()
    assert device.do("flushed", "one") is False


# -- what the device keeps


def test_after_a_reload_what_waited_is_shown_and_sent(device):
    device.given(1, ["a"])
    device.pass_time(0)
    device.lose()
    device.do("close", "one")
    device.open("two")
    assert device.view("two")["shown"]["1"] == ["a"]
    device.run()
    assert stands(device) == {1: ["a"]}


def test_a_page_loaded_while_an_answer_was_on_its_way_shows_that_answer(device):
    device.given(1, ["a"])
    device.pass_time(0)
    before = dict(device.server.answers)
    device.answer()
    device.do("close", "one")
    device.server.answers, after = before, device.server.answers
    device.open("two")
    device.server.answers = after
    assert device.view("two")["shown"]["1"] == ["a"]


def test_what_another_device_answered_later_is_shown_and_not_overwritten(device):
    device.given(1, ["a"])
    device.pass_time(0)
    device.lose()
    device.do("close", "one")
    device.server.answers[1] = {"sequence": device.now + HOUR, "response": ["z"]}
    device.open("two")
    assert device.view("two")["shown"]["1"] == ["z"]
    assert "shown" not in device.said("two"), "nor by what the record still held"
    assert device.waiting("two") == {}
    device.given(1, ["b"], "two")
    device.run()
    assert stands(device) == {1: ["b"]}, "and what is given now comes after it, whatever the clocks say"


@pytest.mark.parametrize("problem", ["full", "forbidden"])
def test_where_nothing_can_be_stored_the_page_keeps_it_and_says_so(problem):
    device = Device()
    device.do("set", {problem: True})
    device.open()
    assert device.view()["safe"] is False
    device.given(1, ["a"])
    device.pass_time(0)
    device.lose()
    assert device.waiting() == {1: ["a"]}
    device.run(3000)
    assert stands(device) == {1: ["a"]}
    device.do("set", {problem: False})
    device.given(2, ["b"])
    assert device.view()["safe"] is True


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "3", '"x"', '{"queue": null, "flags": 3, "events": {}}', '{"queue": {"1": null, "2": {}}, "here": "x"}']
)
def test_a_record_that_cannot_be_read_stops_nobody(text):
    device = Device()
    device.do("put", "pitlane-exam-7", text)
    device.open()
    device.given(1, ["a"])
    device.run()
    assert stands(device) == {1: ["a"]}


def test_a_record_of_an_earlier_release_is_taken_over():
    device = Device()
    device.do(
        "put", "pitlane-exam-7", '{"queue": {"2": {"sequence": 9, "response": "4"}}, "sent": {}, "flags": [1], "here": 1, "events": []}'
    )
    device.open()
    device.run()
    assert stands(device) == {2: "4"}


# -- two pages


def test_two_tabs_the_older_steps_back_and_hands_over_what_it_still_held(device):
    device.given(1, ["a"])
    device.pass_time(0)
    device.lose()
    device.given(2, ["b"], wait=600)
    device.open("two")
    device.given(3, ["c"], wait=600)  # before the older has heard of the newer
    device.do("hear")
    device.do("hear")
    assert device.said()[-1] == "elsewhere"
    assert device.given(1, ["x"]) is False
    for post in device.posts:
        device.lose(post)
    device.do("tell", "two", "reconnected")
    assert {post["page"] for post in device.posts} == {"two"}, "the older sends no more"
    device.run(5000)
    assert stands(device) == {1: ["a"], 2: ["b"], 3: ["c"]}
    assert device.view("two")["said"].count(["shown", {"item": "3", "response": ["c"]}]) == 1
    device.given(1, ["d"], "two")
    device.run()
    assert stands(device)[1] == ["d"]


def test_an_older_tab_that_hears_nothing_finds_out_when_it_next_keeps_something(device):
    device.open("two")
    device.given(1, ["a"])
    assert device.said()[-1] == "elsewhere"
    device.do("hear")
    device.run()
    assert stands(device) == {1: ["a"]}


def test_another_device_the_older_page_sends_what_was_given_before_and_then_says_so(device):
    for item in ITEMS:
        device.given(item, [f"a{item}"], wait=600)
    device.pass_time(600)
    device.given(1, ["b"], wait=600)
    device.server.visit += 1  # opened elsewhere
    device.answer()
    assert device.said()[-1] == "elsewhere"
    assert device.given(2, ["x"]) is False
    device.run(5000)
    assert stands(device) == {1: ["b"], 2: ["a2"], 3: ["a3"]}
    before = len(device.server.kept)
    device.do("tell", "one", "reconnected")
    device.do("tell", "one", "ask")
    assert device.posts == []
    assert len(device.server.kept) == before


def test_a_page_that_only_looks_on_learns_it_too(device):
    device.server.visit += 1
    device.do("tell", "one", "ask")
    device.run()
    assert device.said()[-1] == "elsewhere"


# -- the log


def test_events_go_after_the_answers_and_at_moments_spread_out(device):
    device.do("tell", "one", "note", "focus_lost")
    device.given(1, ["a"], wait=600)
    device.pass_time(1500)
    assert [post["kind"] for post in device.posts] == ["save"]
    device.pass_time(10_000)
    assert [post["kind"] for post in device.posts] == ["save"], "not before the answer is in"
    device.answer()
    device.run(10_000)
    assert device.server.events == ["focus_lost"]


def test_events_are_not_lost_offline_and_told_after_it(device):
    device.do("tell", "one", "note", "focus_lost")
    device.pass_time(10_000)
    device.lose()
    assert device.view()["events"] == ["focus_lost"]
    device.given(1, ["a"])
    device.run(15_000)
    assert device.server.events == ["focus_lost"]


# -- the clock


def test_a_wrong_clock_of_the_device_changes_neither_the_time_left_nor_which_answer_is_newer():
    for skew in (-5 * HOUR, 3 * HOUR):
        device = Device(skew=skew).open()
        assert device.view()["left"] == HOUR
        device.given(1, ["a"])
        device.run()
        assert abs(device.server.answers[1]["sequence"] - NINE) < 2000


def test_a_slow_answer_does_not_set_a_clock_that_a_quick_one_set(device):
    device.given(1, ["a"])
    device.run()
    device.given(2, ["b"])
    device.pass_time(0)
    post, then = device.posts[0], device.now
    device.pass_time(8000)
    device.do("settle", post["id"], *device.server.take("save", post["body"], then))
    assert abs(device.view()["now"] - device.now) < 100


def test_a_device_that_slept_or_whose_clock_was_set_notices_and_asks(device):
    assert device.do("clock", "one", "jumped") is False
    device.pass_time(250)
    assert device.do("clock", "one", "jumped") is False
    device.do("sleep", 600_000)
    assert device.do("clock", "one", "jumped") is True
    device.do("tell", "one", "ask")
    device.answer()
    assert abs(device.view()["now"] - device.now) < 100
    device.given(1, ["a"])
    device.run()
    device.given(1, ["b"])
    device.run()
    assert stands(device) == {1: ["b"]}


def test_minutes_are_announced_once_and_again_after_extra_time(device):
    def announced(left):
        device.server.ends = device.now + left
        device.do("tell", "one", "ask")
        device.run()
        return device.do("clock", "one", "passed")

    assert announced(601_000) == []
    assert announced(599_000) == [10]
    assert announced(598_000) == []
    assert announced(299_000) == [5]
    assert announced(900_000) == []
    assert announced(599_000) == [10]
    assert announced(59_000) == [1]


# -- the end


def at_the_end(device):
    device.pass_time(device.server.ends - device.now)
    device.do("tell", "one", "end")


def test_at_the_end_answers_go_at_once_and_all_else_later(device):
    device.pass_time(HOUR - 1000)
    device.do("tell", "one", "note", "focus_lost")
    device.given(1, ["a"], wait=1200)
    at_the_end(device)
    assert [(post["kind"], len(post["body"])) for post in device.posts] == [("save", 1)]
    device.answer()
    assert device.posts == [], "nothing but answers in the first seconds"
    assert device.given(1, ["b"]) is False
    device.run(GRACE)
    assert device.server.events == ["focus_lost"]
    device.server.over = True  # handed in with all others
    device.run(30_000)
    assert device.said()[-1] == "over"


@pytest.mark.parametrize("chance", [0.0, 0.99])
def test_asking_and_leaving_are_spread_over_the_grace_and_after_it(device, chance):
    device.do("set", {"chance": chance})
    at_the_end(device)
    while not device.posts:
        device.pass_time(100)
    asked = device.now - device.server.ends
    device.answer()
    device.server.over = True
    while not device.posts:
        device.pass_time(100)
    left = device.now - device.server.ends
    device.answer()
    assert device.said()[-1] == "over"
    assert (round(asked, -3), round(left, -3)) == ((3000, 32_000) if chance == 0 else (15_000, 47_000))


def test_extra_time_allowed_meanwhile_lets_one_go_on_and_the_new_end_is_the_end(device):
    at_the_end(device)
    device.server.ends += 600_000
    device.run(16_000)
    assert device.said()[-1] == "time"
    assert device.given(1, ["a"]) is True
    device.run(60_000)
    assert "over" not in device.said()
    at_the_end(device)
    assert device.given(1, ["b"]) is False


def test_offline_at_the_end_it_tries_every_few_seconds_and_what_comes_in_the_grace_counts(device):
    device.given(1, ["a"])
    for _try in range(8):
        while not device.posts:
            device.pass_time(250)
        device.lose()
    at_the_end(device)
    device.pass_time(0)
    device.lose()
    device.run(8000)
    assert stands(device) == {1: ["a"]}


def test_offline_until_too_late_all_is_left_for_the_page_that_follows(device):
    device.given(1, ["a"])
    device.pass_time(0)
    device.lose()
    at_the_end(device)
    for _step in range(40):
        device.pass_time(1000)
        while device.posts:
            device.lose()
    device.run(10_000)
    assert device.said()[-1] == "over"
    assert stands(device) == {}
    assert device.late()[1]["response"] == ["a"]


def test_a_page_is_not_left_while_the_server_cannot_be_reached(device):
    at_the_end(device)
    for _step in range(90):
        device.pass_time(1000)
        while device.posts:
            device.lose()
    assert "over" not in device.said()
    device.server.over = True
    device.run(10_000)
    assert device.said()[-1] == "over"


def test_should_nobody_hand_in_the_page_that_follows_does(device):
    at_the_end(device)
    device.run(75_000)
    assert device.said()[-1] == "over"


def test_handed_in_elsewhere_the_page_leaves(device):
    device.server.over = True
    device.do("tell", "one", "ask")
    device.run()
    assert device.said()[-1] == "over"
    device.open("two", visit=Server().visit)
