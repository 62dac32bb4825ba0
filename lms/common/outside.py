"""What comes from outside as a number or as JSON: read within bounds, or not at all. Every address, form and message is read with these."""

import json
import math
import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import DateField, DateInput, ModelChoiceField, ModelMultipleChoiceField
from django.utils.translation import gettext_lazy as _

from lms.common import limits

LONGEST_NUMBER = 18  # digits
DIGITS = re.compile(r"[0-9]{1,18}")  # ASCII only; all of them fit a 64-bit column
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


class NumberConverter:
    """`<number:pk>` in an address: a whole number that fits a 64-bit column. Anything else is no such page."""

    regex = DIGITS.pattern

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


def whole_number(text, lowest=0, highest=10**18 - 1):
    """The whole number that `text` is, if it lies between the two; None for anything else."""
    if not isinstance(text, str) or not DIGITS.fullmatch(text):
        return None
    return int(text) if lowest <= int(text) <= highest else None


def whole_numbers(texts, most=limits.MANY):
    """The whole numbers among the first `most` texts."""
    numbers = map(whole_number, texts[:most])
    return [number for number in numbers if number is not None]


def can_name_a_record(value):
    """Whether a value of an address may be looked for in the database: text without NUL, and no number larger than a column."""
    if isinstance(value, int):
        return abs(value) < 10**18
    text = str(value)
    return "\x00" not in text and not (len(text) > LONGEST_NUMBER and text.isdecimal())


class RecordField(ModelChoiceField):
    """One record to choose; a number that no column holds is no choice, of a page of the studio either."""

    def to_python(self, value):
        if value not in self.empty_values and whole_number(str(value)) is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return super().to_python(value)


class ManyRecordsField(ModelMultipleChoiceField):
    """Several records to choose; a number that no column holds is no choice."""

    def clean(self, value):
        chosen = value if isinstance(value, (list, tuple)) else []
        if len(chosen) != len(whole_numbers([str(one) for one in chosen])):
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list")
        return super().clean(value)


class DayField(DateField):
    """A day in a form, within the years that people plan and remember; others make time zones and quarters stumble."""

    widget = DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options):
        super().__init__(**options)
        self.validators += [
            MinValueValidator(limits.FIRST_DAY, _("This day lies too far back; look at the year.")),
            MaxValueValidator(limits.LAST_DAY, _("This day lies too far ahead; look at the year.")),
        ]


def check_moment(moment):
    """For a form field with a time: the same bounds."""
    if not limits.FIRST_DAY <= moment.date() <= limits.LAST_DAY:
        raise ValidationError(_("This day lies too far back or ahead; look at the year."))


def read_json(body: bytes, most=limits.JSON_BODY):
    """A message as JSON. Raises ValueError where it is too long, too deep, no JSON, or holds what no database keeps."""
    if len(body) > most:
        raise ValueError("too long")
    try:
        value = json.loads(body, parse_constant=_no_number, parse_float=_finite, parse_int=_fitting)
    except RecursionError:
        raise ValueError("too deep") from None
    _check_depth(value, limits.JSON_DEPTH)
    return value


def _no_number(text):
    raise ValueError(f"{text} is no number")


def _finite(text):
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("too large")
    return number


def _fitting(text):
    if len(text) > 20 or not -(2**63) <= int(text) < 2**63:
        raise ValueError("too large")
    return int(text)


def _check_depth(value, left):
    """Not deeper than `left`, and every text one that can be stored: no lone half of a character, no NUL."""
    if left == 0:
        raise ValueError("too deep")
    if isinstance(value, str) and ("\x00" in value or LONE_SURROGATE.search(value)):
        raise ValueError("no text")
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for one in value:
            _check_depth(one, left - 1)
