"""Moving a record from one state to the next, once."""

from django.core.exceptions import PermissionDenied

from lms.common.bilingual import gettext as _


class Refused(Exception):
    """Something the rules do not allow now. Its message is a sentence fit for the screen; `field` names the form's field at fault."""

    def __init__(self, message="", *, field=None):
        super().__init__(message)
        self.field = field

    @property
    def message(self):
        return str(self)

    @property
    def words(self):
        """The sentence as it was made: where that was with `lms.common.bilingual.gettext`, it can be said in either language."""
        return self.args[0]


class WrongHands(Refused, PermissionDenied):
    """Not this person's to do, whatever the moment: the page of a refusal (403) says the sentence, wherever it came from."""


def require(allowed, sentence=""):
    """The head of every action: go on when `allowed`, else `WrongHands` with the sentence that says whose it is."""
    if not allowed:
        raise WrongHands(sentence or _("This is not yours to do. If it belongs to your work, ask your HR officer."))


class WrongState(Refused):
    """The record is no longer in the state that the action starts from: someone else was quicker, or it was done before."""


def advance(record, *, start, end, field="status", **changes):
    """Move `record` from state `start` (one value or several) to `end` by one conditional UPDATE.

    The UPDATE locks the row until the transaction ends, so of two people doing this at the same moment one wins and the
    other gets `WrongState`. `changes` are further fields to set in the same statement.
    """
    starts = start if isinstance(start, (list, tuple, set)) else [start]
    changes[field] = end
    moved = type(record)._base_manager.filter(pk=record.pk, **{f"{field}__in": list(starts)}).update(**changes)
    if not moved:
        record.refresh_from_db(fields=[field])
        label = getattr(record, f"get_{field}_display")()
        raise WrongState(_("This is already “%(state)s”; nothing was changed.") % {"state": label})
    for name, value in changes.items():
        setattr(record, name, value)
    return record
