"""Where facts come from: each upper room that knows placements, contracts or who is at work registers a function in its `facts.py`,
which is read when the product starts.

    @gatherer
    def placements(*, dealers=None, people=None, on):
        yield PlacementFacts(…)

`dealers` and `people` are ids to keep to, None for all. Of placements that are over on the day nothing is given, of those to come it
is. As few statements for a hundred placements as for one, and never all in memory: the check runs over everybody every night.
"""

from contextlib import contextmanager
from itertools import chain

_gatherers: dict = {}


def gatherer(function):
    """The function itself: it stays what its room can call."""
    _gatherers[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def are_any():
    return bool(_gatherers)


def facts_for(*, dealers=None, people=None, on):
    """All facts of all rooms."""
    return chain.from_iterable(gather(dealers=dealers, people=people, on=on) for gather in _gatherers.values())


@contextmanager
def alone(*functions):
    """Facts come from these functions and from no room, as long as it lasts: for tests."""
    others = dict(_gatherers)
    _gatherers.clear()
    try:
        for function in functions:
            gatherer(function)
        yield
    finally:
        _gatherers.clear()
        _gatherers.update(others)
