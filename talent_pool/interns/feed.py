"""First and last days of internships and changes of station, in the coming weeks of whoever has a part in them."""

from datetime import datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.registries import Entry, feed
from talent_pool.interns.models import STANDING, Placement, Rotation


def _morning(day):
    return timezone.make_aware(datetime.combine(day, time(8, 30)))


@feed
def stations(employee, start, end):
    """Of the intern and of the mentor. One statement."""
    own = Q(placement__person=employee) | Q(mentor=employee)
    days = {"starts_on__gte": timezone.localdate(start), "starts_on__lt": timezone.localdate(end)}
    found = Rotation.objects.filter(own, placement__stage__in=STANDING, **days).select_related("station", "placement__person", "mentor")
    for rotation in found:
        is_own = rotation.placement.person_id == employee.pk
        words = {"station": rotation.station.name, "name": rotation.placement.person.name}
        yield Entry(
            key=f"rotation-{rotation.pk}",
            title=_("New station: %(station)s") % words if is_own else _("%(name)s comes to %(station)s") % words,
            starts_at=_morning(rotation.starts_on),
            url=reverse("my_internship") if is_own else reverse("placement", args=[rotation.placement_id]),
            note=(rotation.mentor.name if rotation.mentor else "") if is_own else _("you are the mentor"),
        )


@feed
def internships(employee, start, end):
    """The own first and last day. One statement."""
    first, last = timezone.localdate(start), timezone.localdate(end)
    own = Placement.objects.filter(person=employee, stage__in=STANDING).select_related("batch__dealer")
    for placement in own.filter(Q(starts_on__gte=first, starts_on__lt=last) | Q(ends_on__gte=first, ends_on__lt=last)):
        days = [
            ("first", placement.starts_on, _("First day of the internship")),
            ("last", placement.ends_on, _("Last day of the internship")),
        ]
        for name, day, title in days:
            if first <= day < last:
                key, note = f"placement-{placement.pk}-{name}", placement.batch.dealer.name
                yield Entry(key=key, title=title, starts_at=_morning(day), url=reverse("my_internship"), note=note)
