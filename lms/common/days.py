"""Days and times as people read them, one shape each. Files and data keep the ISO form; sentences never show it."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from lms.common.bilingual import in_language, said

# The framework's short names, in our words: it says 星期一 and 十一月. Whatever formats a date by `D` or `M` reads these.
WEEKDAYS = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
MONTHS = [_("jan"), _("feb"), _("mar"), _("apr"), _("may"), _("jun"), _("jul"), _("aug"), _("sep"), _("oct"), _("nov"), _("dec")]


def day(value):
    """2026年11月29日; 29 Nov 2026. A moment is said by the day of whoever reads it."""
    return said(lambda: date_format(_local(value), "DATE_FORMAT"))


def moment(value):
    """2026年11月29日 16:30; 29 Nov 2026, 16:30."""
    return said(lambda: date_format(_local(value), "DATETIME_FORMAT"))


def hours(begin, end):
    """From one time of a day to another: 16:30—17:30; 16:30–17:30."""
    return in_language("—", "–").join(time_format(_local(value), "TIME_FORMAT") for value in (begin, end))


def _local(value):
    """Also of one that data hold as text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > len("2026-11-29") else date.fromisoformat(value)
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
