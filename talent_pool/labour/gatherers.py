"""Where facts come from: each upper room that knows placements, contracts or who is at work registers a function, in its `gathering.py`
or wherever it is read when the product starts (its `apps.ready`).

    @gatherer
    def placements(*, dealers=None, people=None, on):
        yield PlacementFacts(…)

`dealers` and `people` are ids to keep to, None for all. Of placements that are over on the day nothing is given, of those to come it
is. As few statements for a hundred placements as for one, and never all in memory: the check runs over everybody every night.
"""

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


def forget(function):
    """For tests, which bring gatherers of their own."""
    _gatherers.pop(f"{function.__module__}.{function.__qualname__}", None)
