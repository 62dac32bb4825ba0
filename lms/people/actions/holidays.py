from datetime import date

from django.db import transaction

from lms.people.calendar import published_days
from lms.people.models import Holiday


@transaction.atomic
def load_holidays(first, last):
    """Take the published holidays of the years from `first` to `last` into the table. Rows that are there stay as HR has them.

    Years that the calendar package does not know bring nothing. Returns how many rows were added.
    """
    rows = published_days(date(first.year, 1, 1), date(last.year, 12, 31))
    there = set(Holiday.objects.filter(on__in=rows).values_list("on", flat=True))
    new = [Holiday(on=day, name=name, is_workday=is_workday) for day, (name, is_workday) in sorted(rows.items()) if day not in there]
    Holiday.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
