"""What speaks against a day and an hour, read and in words; the rule is `courses.training.doubts`."""

from datetime import date

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from courses.training.doubts import EARLIEST, HOLIDAY, LATEST, NIGHT, OTHER_QUARTER, ROOM_TAKEN, TOO_FAR, UNLISTED, Wish
from lms.common.quarters import quarter_of
from lms.common.registries import Booking, bookings_of, clashing
from lms.common.zones import zone_named
from lms.people.calendar import published_days
from lms.people.choices import HOLIDAY_NAMES
from lms.people.models import Holiday
from lms.people.queries import holidays_between


def wish_of(session, begin, end, at):
    """That the session be from `begin` to `end`, wished for at `at`."""
    day = begin.date()
    return Wish(
        begin,
        end,
        at.astimezone(zone_named(session.dealer.time_zone)).date(),
        holidays_between(day, day),
        listed=not years_without_holidays(day, day),
        quarter=quarter_of(session.on),
        room_is_taken=bool(clashes_of(session, begin, end)),
    )


def clashes_of(session, begin, end):
    """What else is to be in the session's room at that time, of training or of exams: `Booking`s."""
    return clashing(_wanted(session, begin, end), bookings_of(session.dealer, begin, end)) if session.room else []


def clashes_among(session, bookings):
    """Those of the bookings that want the session's room while it is there."""
    return clashing(_wanted(session, session.starts_at, session.ends_at), bookings)


def _wanted(session, begin, end):
    return Booking(f"session-{session.pk}", str(session), session.room, begin, end)


def clash_words(booking):
    """What else the room is taken by, and when."""
    begin, end = timezone.localtime(booking.starts_at), timezone.localtime(booking.ends_at)
    words = {"what": booking.title, "room": booking.room, "begin": formats.date_format(begin, "DATETIME_FORMAT"), "end": f"{end:%H:%M}"}
    return _("%(room)s is taken by “%(what)s” from %(begin)s to %(end)s.") % words


def years_without_holidays(first, last):
    """The years between two days whose holidays are neither published with the product nor entered. One statement, or none."""
    years = range(first.year, last.year + 1)
    unpublished = [year for year in years if not published_days(date(year, 1, 1), date(year, 12, 31))]
    if not unpublished:
        return []
    entered = {on.year for on in Holiday.objects.filter(on__year__in=unpublished).values_list("on", flat=True)}
    return [year for year in unpublished if year not in entered]


def say(doubt, wish):
    """One doubt as a sentence."""
    day = wish.begin.date()
    words = {
        "day": formats.date_format(day, "DATE_FORMAT"),
        "begin": f"{wish.begin:%H:%M}",
        "end": f"{wish.end:%H:%M}",
        "earliest": f"{EARLIEST:%H:%M}",
        "latest": f"{LATEST:%H:%M}",
        "year": day.year,
    }
    if doubt == HOLIDAY:
        name = wish.holidays[day][0]
        return _("%(day)s is no working day (%(why)s). Choose a working day.") % {**words, "why": HOLIDAY_NAMES.get(name, name)}
    return _sentences()[doubt] % words


def _sentences():
    return {
        TOO_FAR: _("%(day)s is more than a year away. Sessions are planned for the coming year; look at the year."),
        NIGHT: _("From %(begin)s to %(end)s is outside the hours of %(earliest)s to %(latest)s."),
        OTHER_QUARTER: _("%(day)s lies in another quarter: attendance counts there, and for that quarter's grading."),
        UNLISTED: _("The public holidays of %(year)s are not entered yet: nobody has looked whether %(day)s is one."),
        ROOM_TAKEN: _("The room is taken at that time."),
    }
