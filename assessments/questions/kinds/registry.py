"""The kinds of questions that there are, in the order of menus. Whatever depends on the kind of a question asks here."""

from importlib import import_module

from assessments.questions.kinds.multiple.kind import Multiple
from assessments.questions.kinds.number.kind import Number
from assessments.questions.kinds.single.kind import Single
from assessments.questions.kinds.truefalse.kind import TrueFalse

_kinds = {}


def register(kind):
    _kinds[kind.name] = kind


def forget(kind):
    """For tests that bring a kind of their own."""
    del _kinds[kind.name]


def kinds():
    return list(_kinds.values())


def kind_of(content):
    """The kind of a frozen content. Raises KeyError where there is none of that name."""
    return _kinds[content["kind"]]


def load_models():
    """Import the model beside each kind; Django wants them with those of the room."""
    for kind in kinds():
        import_module(f"{type(kind).__module__.rpartition('.')[0]}.model")


register(Single())
register(Multiple())
register(TrueFalse())
register(Number())
