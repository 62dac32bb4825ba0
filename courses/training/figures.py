"""How training stands at the dealer, on the Today page of whoever leads there."""

from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.training.models import Session
from courses.training.queries.figures import attendance_in
from lms.common.quarters import bounds, quarter_of
from lms.common.registries import tile
from lms.common.scores import percent_of
from lms.people.queries import tracked_staff_on

LEADS = ["people.view_dealer_people"]
AIM = 80  # percent, as grading asks for it unless a cycle says otherwise


@tile(order=20, needs=LEADS)
def attendance(user, employee, at):
    """Of whoever is staff in a position of a track on the day `at`, in its quarter up to that day."""
    day = timezone.localdate(at)
    first, _last = bounds(*quarter_of(day))
    counts = attendance_in(tracked_staff_on(employee.dealer, day), first, day).values()
    attended, expected = sum(have for have, _all in counts), sum(total for _have, total in counts)
    if not expected:
        return
    percent = percent_of(attended, expected)
    yield {
        "label": _("Attendance this quarter"),
        "value": percent,
        "unit": "%",
        "badge": _("Aim: %(percent)d %%") % {"percent": AIM},
        "tone": "good" if percent >= AIM else "warn",
        "url": reverse("training_board"),
    }


@tile(order=30, needs=LEADS)
def sessions(user, employee, at):
    coming = Session.objects.filter(dealer=employee.dealer_id, status__in=["planned", "confirmed"], starts_at__gte=at)
    bare = Q(material_at__isnull=True, starts_at__lt=at + timedelta(days=7))
    counts = coming.aggregate(all=Count("pk"), bare=Count("pk", filter=bare))
    yield {
        "label": _("Sessions still to come"),
        "value": counts["all"],
        "badge": _("%(count)d within a week lack material") % {"count": counts["bare"]} if counts["bare"] else _("material in time"),
        "tone": "warn" if counts["bare"] else "good",
        "url": reverse("training_board"),
    }
