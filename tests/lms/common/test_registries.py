from datetime import date
from types import SimpleNamespace

import pytest

from lms.common.registries import Change, Effect, Registry, digest_of

DAY = date(2026, 3, 2)
HERE, THERE = "YT01", "YT02"
ADVISOR, SENIOR, FITTER = (
    SimpleNamespace(name=name, track=track) for name, track in (("a", "service"), ("s", "service"), ("f", "technical"))
)
PERSON = SimpleNamespace(dealer=HERE, position=ADVISOR)


def move(dealer=HERE, position=ADVISOR):
    return Change("move", PERSON, DAY, dealer=dealer, position=position)


@pytest.mark.parametrize(
    ("change", "dealer", "post", "track"),
    [
        (Change("leave", PERSON, DAY, DAY), False, False, False),
        (Change("departure", PERSON, DAY), True, True, True),
        (move(), False, False, False),
        (move(dealer=THERE), True, True, True),
        (move(position=SENIOR), False, True, False),
        (move(position=FITTER), False, True, True),
    ],
)
def test_a_change_says_what_the_person_leaves(change, dealer, post, track):
    assert (change.leaves_dealer, change.leaves_post, change.leaves_track) == (dealer, post, track)


def test_a_leave_ends_and_a_departure_does_not():
    assert Change("leave", PERSON, DAY, DAY).during("on") == {"on__gte": DAY, "on__lte": DAY}
    assert Change("departure", PERSON, DAY).during("opens_at__date") == {"opens_at__date__gte": DAY}


def test_a_digest_tells_lists_of_effects_apart():
    one, other = Effect("presents", url="/1/"), Effect("presents", url="/2/")
    assert digest_of([]) == ""
    assert digest_of([one]) == digest_of([Effect("presents", "whatever it says", "/1/")])
    assert len({digest_of([one]), digest_of([other]), digest_of([one, other])}) == 3


def test_parts_stand_in_their_order_whoever_was_read_first():
    registry = Registry()
    registry.add(move, order=20)
    registry.add(digest_of, order=10)
    assert [part.function for part in registry] == [digest_of, move]


def test_what_is_read_twice_is_registered_once():
    registry = Registry()
    assert registry.add(move) is registry.add(move)
    assert len(list(registry)) == 1
