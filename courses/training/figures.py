"""How training stands at the dealer, on the Today page of whoever leads there."""

from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.training.models import COUNTS_AS_ATTENDED
from courses.training.queries.figures import counted_at
from courses.training.queries.sessions import coming_at
from lms.common.compiled import compiled
from lms.common.registries import tile
from lms.common.scores import percent_of
from lms.people.queries import called_at

LEADS = ["people.view_dealer_people"]
AIM = 80  # percent, as grading asks for it unless a cycle says otherwise


@tile(order=20, needs=LEADS)
def attendance(user, employee, at):
    """Of whoever is staff in a position of a track on the day `at`, in its quarter up to that day; it opens the list of what it counts."""
    day = timezone.localdate(at)
    counts = counted_at(employee.dealer, day).aggregate(expected=Count("pk"), attended=Count("pk", filter=Q(state__in=COUNTS_AS_ATTENDED)))
    attended, expected = counts["attended"], counts["expected"]
    if not expected:
        return
    percent = percent_of(attended, expected)
    yield {
        "label": called_at(_("Attendance this quarter"), employee.dealer, user),
        "value": percent,
        "unit": "%",
        "badge": _("Aim: %(percent)d %%") % {"percent": AIM},
        "tone": "good" if percent >= AIM else "warn",
        "url": f"{reverse('attendance_counted')}?on={day}&dealer={employee.dealer.code}",
    }


@tile(order=30, needs=LEADS)
def sessions(user, employee, at):
    found = _coming(dealer=employee.dealer_id, at=at, soon=at + timedelta(days=7))
    counts = found[0] if found else {"all": 0, "bare": 0}
    yield {
        "label": called_at(_("Sessions still to come"), employee.dealer, user),
        "value": counts["all"],
        "badge": _("%(count)d within a week lack material") % {"count": counts["bare"]} if counts["bare"] else _("material in time"),
        "tone": "warn" if counts["bare"] else "good",
        "url": f"{reverse('sessions_to_come')}?dealer={employee.dealer.code}",
    }


@compiled
def _coming(*, dealer, at, soon):
    bare = Q(material_at__isnull=True, starts_at__lt=soon)
    return coming_at(dealer, at).order_by().values("dealer").annotate(all=Count("pk"), bare=Count("pk", filter=bare))
