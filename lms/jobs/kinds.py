"""The kinds of job there are: each room registers its own beside its tasks.

A job's function takes a `Progress` and is written to be repeated: after a killed worker it is called again from the start
and must find what is done already.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Kind:
    name: str
    title: str | Promise
    function: Callable
    then: Callable | None = None  # job → URL to go on to when done


_kinds: dict[str, Kind] = {}


def job_kind(name, *, title, then=None):
    """Register the decorated function as what a job of the kind `name` does."""

    def register(function):
        _kinds[name] = Kind(name, title, function, then)
        return function

    return register


def kind_of(name):
    return _kinds[name]
