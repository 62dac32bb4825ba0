"""Days as the screen says them: the time of one thing to do, and entries by week. Plain functions on plain data."""

from datetime import datetime, time, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

WEEK = timedelta(days=7)
AHEAD = 6  # weeks


def when_of(when, at, *, now=False):
    """{"big", "small", "state"}: 16:30 / today, 27 / Fri, 8 / Dec; the state is now, late or nothing."""
    state = "now" if now else ""
    if when is None:
        return {"big": "·", "small": _("any time"), "state": state}
    local, day = timezone.localtime(when), timezone.localtime(at).date()
    if local.date() == day:
        big, small = date_format(local, "H:i"), _("today")
    elif 0 < (local.date() - day).days < 7:
        big, small = str(local.day), date_format(local, "D")
    else:
        big, small = str(local.day), date_format(local, "M")
    return {"big": big, "small": small, "state": "late" if when < at and not now else state}


def span_of(at):
    """From the first moment of today to the end of the sixth week, the present one counted."""
    today = timezone.localtime(at).date()
    return _midnight(today), _midnight(_monday(today) + AHEAD * WEEK)


def weeks_of(entries, at):
    """[{"title", "entries": [{"entry", "big", "small", "text"}]}] of entries in order of time; weeks with nothing in them are left out.
    What began before this week and is still open stands in this one."""
    this_week = _monday(timezone.localtime(at).date())
    return [
        {"title": _title(monday, this_week), "entries": [_line(entry) for entry in group]}
        for monday, group in groupby(entries, key=lambda entry: max(this_week, _monday(timezone.localtime(entry.starts_at).date())))
    ]


def _line(entry):
    day = timezone.localtime(entry.starts_at)
    text = " · ".join(filter(None, [_hours(entry), entry.place, entry.note]))
    return {"entry": entry, "big": str(day.day), "small": date_format(day, "D"), "text": text}


def _hours(entry):
    """16:30–17:30, with the day where it ends on another; of a deadline the time it is due by, unless that is the end of the day."""
    begins = timezone.localtime(entry.starts_at)
    if entry.ends_at is None:
        return "" if begins.time() >= time(23, 59) else _("by %(time)s") % {"time": time_format(begins, "H:i")}
    ends = timezone.localtime(entry.ends_at)
    times = {"begin": time_format(begins, "H:i"), "end": time_format(ends, "H:i")}
    if ends.date() == begins.date():
        return f"{times['begin']}–{times['end']}"
    return _("%(begin)s until %(day)s, %(end)s") % {**times, "day": date_format(ends, "MONTH_DAY_FORMAT")}


def _title(monday, this_week):
    if monday == this_week:
        return _("This week")
    if monday == this_week + WEEK:
        return _("Next week")
    return f"{date_format(monday, 'MONTH_DAY_FORMAT')} – {date_format(monday + timedelta(days=6), 'MONTH_DAY_FORMAT')}"


def _monday(day):
    return day - timedelta(days=day.weekday())


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time()))
