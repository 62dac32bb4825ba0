"""Stations as they are read, and how full they are over the weeks."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce, Greatest, Least

from talent_pool.interns.floor import days_of, monday
from talent_pool.interns.models import Rotation, Station
from talent_pool.interns.permissions import stations_scope

WEEK, SIX = timedelta(days=7), timedelta(days=6)


def stations_visible_to(user):
    return Station.objects.filter(stations_scope(user)).select_related("dealer", "position", "asks_course")


def with_interns(stations, today):
    """With `now`: how many interns are there on the day."""
    here = Q(rotations__starts_on__lte=today, rotations__ends_on__gte=today)
    not_over = Q(rotations__placement__ended_on=None) | Q(rotations__placement__ended_on__gte=today)
    return stations.annotate(now=Count("rotations", filter=here & not_over))


def rotations_between(stations, first, last):
    """Rotations at the stations on some of these days, no longer than their placements: with `until`, the last day that counts."""
    found = Rotation.objects.filter(station__in=stations, starts_on__lte=last, ends_on__gte=first)
    found = found.annotate(until=_until()).filter(until__gte=Greatest(Value(first), F("starts_on")))
    return found.select_related("placement__person", "placement__batch", "mentor", "station").order_by("starts_on", "pk")


def _until():
    return Least("ends_on", Coalesce("placement__ended_on", "placement__ends_on"))


def mondays(day, number):
    return [monday(day) + WEEK * one for one in range(number)]


def weeks_of(stations, weeks):
    """{(station id, Monday): the most interns there on one day of the week}. One statement."""
    found = defaultdict(lambda: [0] * 7)
    if weeks:
        for one in rotations_between(stations, weeks[0], weeks[-1] + SIX):
            for day in days_of(max(one.starts_on, weeks[0]), min(one.until, weeks[-1] + SIX)):
                found[one.station_id, monday(day)][day.weekday()] += 1
    return {key: max(days) for key, days in found.items()}
