"""What a page showed of a record, carried along by its form, so that a page behind the times overwrites nothing (ADR 25).

    class MoveForm(ShownForm): …
    form = MoveForm(request.POST or None, facts=place_of(session))              # the view: what is shown now, where it is not bound
    check_shown(shown, place_of(session), session)                              # the action, once it holds the row (lms.audit.meanwhile)

The form adds the hidden field `shown`, so `cleaned_data` hands it to the action. A form sent without it showed nothing: a script, or a
file, which says what is to stand there whatever stood there before.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256

from django import forms
from django.db import models
from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from lms.common import limits
from lms.common.bilingual import listed
from lms.common.days import day, moment
from lms.common.outside import read_json
from lms.common.states import Refused

NOTHING = "–"
WORDS = 80  # characters of a long text that are shown when it changed
LONG = 200  # characters from which a value is carried as its digest


@dataclass(frozen=True)
class Fact:
    """One thing that a page shows: what it is called, its value as JSON keeps it, and the value in words."""

    label: str | Promise
    value: object
    words: str


class ChangedMeanwhile(Refused):
    """The record is no longer as the page showed it; nothing was written. `now` is how it stands: {name: `Fact`}."""

    def __init__(self, message, *, now):
        super().__init__(message)
        self.now = now


@dataclass(frozen=True)
class Shown:
    """What a form showed, as it came back: {name: [value, words]}."""

    values: Mapping[str, list]

    def differences(self, now):
        """[(name, label, words then, words now)] of what was shown and is something else now."""
        told = {name: pair for name, pair in self.values.items() if name in now and pair[0] != now[name].value}
        return [(name, now[name].label, pair[1], now[name].words) for name, pair in told.items()]


def facts_of(record, *names):
    """The facts of a record's own fields: {name: `Fact`}."""
    return {name: _fact(record, record._meta.get_field(name)) for name in names}


def _fact(record, field):
    return fact(field.verbose_name, field.value_from_object(record), _words(record, field))


def fact(label, value, words=None):
    """A fact of any value; a long text is compared by its digest and named by its beginning."""
    text = NOTHING if value in (None, "") else str(value)
    return Fact(label, _plain(value), Truncator(text if words is None else str(words)).chars(WORDS) or NOTHING)


def _plain(value):
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    text = value.isoformat() if isinstance(value, (date, time)) else str(value)
    return text if len(text) <= LONG else sha256(text.encode()).hexdigest()


def _words(record, field):
    value = getattr(record, field.name)
    if field.choices:
        return getattr(record, f"get_{field.name}_display")() if value not in (None, "") else NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return said(value)


def said(value):
    """A value in words."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return time_format(value, "H:i")
    if isinstance(value, models.Manager):
        return listed(value.all())
    return NOTHING if value in (None, "") else str(value)


def written(facts):
    """Facts as the hidden field carries them."""
    return json.dumps({name: [one.value, one.words] for name, one in facts.items()}, ensure_ascii=False)


class ShownField(forms.CharField):
    """Read back as `Shown`; None where nothing was carried."""

    def __init__(self, **options):
        # Several forms of a page carry one each: without an id, or there would be two of the same.
        super().__init__(required=False, widget=forms.HiddenInput(attrs={"id": False}), **options)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return Shown(_pairs(read_json(text.encode(), limits.SHOWN)))
        except ValueError:
            raise forms.ValidationError(_("This page can't be read any more. Copy what you typed and load the page again.")) from None


def _pairs(values):
    if not isinstance(values, dict) or not all(_is_pair(one) for one in values.values()):
        raise ValueError("not what a page carries")
    return values


def _is_pair(one):
    return isinstance(one, list) and len(one) == 2 and isinstance(one[1], str) and not isinstance(one[0], (dict, list, float))


class ShownForm(forms.Form):
    """A form that edits what stands there already. `facts` are what its page shows of that now."""

    is_told = False  # whether what changed meanwhile stands at its head

    def __init__(self, *args, facts=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shown"] = ShownField(initial=written(facts or {}))

    def show_now(self, facts):
        show_now(self, facts)
        self.is_told = True


def show_now(form, facts):
    """The person is told what changed: what they send next is sent knowing it."""
    form.data = form.data.copy()
    form.data[form.add_prefix("shown")] = written(facts)
