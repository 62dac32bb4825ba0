"""The weeks of an internship, counted from the one of its first day: plain functions on plain days."""

from datetime import timedelta

WEEK = timedelta(days=7)
FRIDAY = 4


def monday_of(day):
    return day - timedelta(days=day.weekday())


def week_of(first_day, number):
    """The Monday of the so-manieth week of an internship that begins on `first_day`; the first is 1."""
    return monday_of(first_day) + (number - 1) * WEEK


def number_of(first_day, monday):
    return (monday - monday_of(first_day)) // WEEK + 1


def weeks_until(first_day, last_day, today, pauses=()):
    """The Mondays of the weeks that a log is owed for so far: of each in which the intern was here at least a day.

    `pauses` are (first day, last day) of breaks.
    """
    found, monday = [], monday_of(first_day)
    while monday <= min(last_day, today):
        if any(_is_here(monday + timedelta(days=day), first_day, last_day, pauses) for day in range(7)):
            found.append(monday)
        monday += WEEK
    return found


def _is_here(day, first_day, last_day, pauses):
    return first_day <= day <= last_day and not any(begins <= day <= ends for begins, ends in pauses)


def is_late(monday, today):
    """A log is due by the Sunday of its week."""
    return today >= monday + WEEK


def mentor_of_week(rotations, monday):
    """The rotation in whose hands a week lies, of (first day, last day, what stands for it): the last one that has a day in it."""
    own = [one for one in rotations if one[0] < monday + WEEK and one[1] >= monday]
    return max(own, key=lambda one: one[0])[2] if own else None
