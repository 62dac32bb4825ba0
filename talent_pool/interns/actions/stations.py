"""Stations are kept by the workshop: what they ask, how many interns they take, whether they are in use (C4)."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import gettext as _
from lms.common.bilingual import ngettext
from lms.common.shown import facts_of
from lms.common.states import Refused, require
from talent_pool.interns.models import Rotation, Station
from talent_pool.interns.permissions import may_keep_stations

FIELDS = (
    "name_zh", "name_en", "position", "capacity", "weeks", "order", "is_high_risk", "mentor_level", "mentor_certificate", "asks_track",
    "asks_level", "asks_certificate", "asks_course", "in_use",
)  # fmt: skip


def not_yours(dealer):
    return _("The stations of %(dealer)s are kept by its supervisors, its service manager and HR.") % {"dealer": dealer.name}


def station_shown(station):
    return facts_of(station, *FIELDS)


@transaction.atomic
def make_station(*, dealer, code, by, at, **values):
    """A station of the dealer; its code is its own there and stays."""
    require(may_keep_stations(by, dealer), not_yours(dealer))
    _check(values)
    try:
        with transaction.atomic():
            station = Station.objects.create(dealer=dealer, code=code, **values)
    except IntegrityError:
        raise Refused(_("There is a station with the code “%(code)s” here already.") % {"code": code}, field="code") from None
    record_event("interns.station_made", target=station, by=by, at=at, after=_plain(station, FIELDS))
    return station


@transaction.atomic
def change_station(*, station, by, at, shown=None, **values):
    """Rotations that are planned stay; what no longer fits is shown on the board of their batch."""
    station = Station.objects.select_for_update(of=("self",)).select_related("dealer").get(pk=station.pk)
    require(may_keep_stations(by, station.dealer), not_yours(station.dealer))
    check_shown(shown, station_shown(station), station)
    _check(values)
    if station.in_use and not values.get("in_use", True):
        _check_empty(station, at)
    before = _plain(station, values)
    for name, value in values.items():
        setattr(station, name, value)
    after = _plain(station, values)
    changed = [name for name in values if before[name] != after[name]]
    if changed:
        station.save(update_fields=changed)
        kept = ({name: side[name] for name in changed} for side in (before, after))
        record_event("interns.station_edited", target=station, by=by, at=at, **dict(zip(("before", "after"), kept, strict=True)))
    return station


def _plain(station, names):
    return {name: station._meta.get_field(name).value_from_object(station) for name in names}


def _check(values):
    if values.get("capacity", 1) < 1:
        raise Refused(_("A station takes one intern or more. To take none, put it out of use."), field="capacity")
    if values.get("weeks", 1) < 1:
        raise Refused(_("An intern is at a station for a week or more."), field="weeks")
    if values.get("asks_level") and not values.get("asks_track"):
        raise Refused(_("Say on which track the level is asked for."), field="asks_track")


def _check_empty(station, at):
    ahead = Rotation.objects.filter(station=station, ends_on__gte=timezone.localdate(at)).count()
    if ahead:
        words = ngettext(
            "%(station)s has %(count)s rotation under way or to come. Move it to another station first.",
            "%(station)s has %(count)s rotations under way or to come. Move them to other stations first.",
            ahead,
        )
        raise Refused(words % {"station": station.name, "count": ahead}, field="in_use")
