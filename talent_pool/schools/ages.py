"""Ages, and how long a date of birth is held: for age checks alone (C5). Days in, answers out; rooms above say whose age they still ask."""

from collections.abc import Callable

ADULT = 18

_asked: list[Callable] = []


def asks_for_ages(function):
    """Register `function(people, on)`: those of these people (ids) whose age a rule still asks, such as of a placement ahead."""
    _asked.append(function)
    return function


def still_asked(people, on):
    """The ids among `people` (a set) whose age some room still asks."""
    return {pk for function in _asked for pk in function(people, on)}


def age_on(born_on, on):
    """Whole years; whoever was born on 29 February turns a year older on 1 March of other years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def erasable(born_on, on, *, is_asked, is_over):
    """Whether a date of birth is to go: the record is over, or the person is of age and no placement that runs or is ahead asks for it."""
    return is_over or (age_on(born_on, on) >= ADULT and not is_asked)
