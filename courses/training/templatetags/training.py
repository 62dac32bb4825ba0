"""A notice's plain values, as the reader says them."""

from datetime import date, datetime

from django import template
from django.utils import formats, timezone

from courses.training.kinds import kind_of
from lms.common.bilingual import clauses

register = template.Library()


@register.filter
def as_training(name):
    """The name of a kind of training → what it is called."""
    return kind_of(name).label


@register.filter
def as_day(value):
    """2026-11-26 → the day, in the reader's language; of an ISO moment the day where the reader is."""
    text = str(value)
    day = timezone.localtime(datetime.fromisoformat(text)).date() if "T" in text else date.fromisoformat(text)
    return formats.date_format(day, "DATE_FORMAT")


@register.filter
def as_moment(value):
    """An ISO moment → day and time where the reader is."""
    return formats.date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")


@register.filter
def as_moments(values):
    """Several of them, side by side."""
    return clauses(as_moment(value) for value in values)
