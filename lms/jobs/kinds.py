"""The kinds of job there are: each room registers its own beside its tasks.

A job's function takes a `Progress` and is written to be repeated: after a killed worker it is called again from the start
and must find what is done already.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    name: str
    title: str | Promise
    function: Callable
    then: Callable | None = None  # job → URL to go on to when done
    stopped: str | Promise = ""  # what a person reads who has stopped it: what of it stays
    ended: Callable | None = None  # job → what is said of it in place of “Done”


_kinds: dict[str, Kind] = {}


NOTHING_STAYS = _("It was stopped as you asked. Nothing of it was kept.")
SOME_STAYS = _("It was stopped as you asked. What was done before stays done; start it again and it goes on from there.")


def job_kind(name, *, title, then=None, stopped=SOME_STAYS, ended=None):
    """Register the decorated function as what a job of the kind `name` does."""

    def register(function):
        _kinds[name] = Kind(name, title, function, then, stopped, ended)
        return function

    return register


def kind_of(name):
    return _kinds[name]
