"""What people see first, gathered from every room. Each room says in its `due.py` what a person has to do next."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.certification.queries import EXPIRING_DAYS, certified_share
from assessments.exams import due as exams
from assessments.grading import due as grading
from assessments.grading.models import Cycle
from courses.learning import due as learning
from courses.training import due as training
from courses.training.models import Session
from courses.training.queries import attendance_in
from lms.common.quarters import bounds, quarter_of
from lms.people import due as people
from lms.people.choices import Level, Track
from lms.people.queries import present_staff
from talent_pool.pay import due as pay
from talent_pool.pay.models import PayChange

ROOMS = [training, learning, exams, grading, pay, people]


def due_for(employee, at):
    """Everything this person has to do next, the most pressing first: what is open now, then by time, then what has no time."""
    found = [item for room in ROOMS for item in room.due_for(employee, at)]
    return sorted(found, key=lambda item: (not item["now"], item["at"] is None, item["at"] or at, item["title"]))


def figures_for(user, employee, at):
    """The tiles of whoever leads: {label, value, unit, badge, tone, url}; empty for staff."""
    if not user.has_perm("people.view_dealer_people"):
        return []
    return [*_certified(employee.dealer), *_attendance(employee.dealer, at), *_sessions(employee.dealer, at), *_pay(user, employee.dealer)]


def _certified(dealer):
    for share in certified_share(dealer):
        position = share["position"]
        if position.is_leading:
            continue  # the headline is the floor: technicians and advisors
        yield {
            "label": _("%(position)s with an OEM certificate") % {"position": position.name},
            "value": share["certified"],
            "unit": f"/ {share['total']}",
            "url": f"{reverse('people')}?position={position.pk}",
        }


def _attendance(dealer, at):
    today = timezone.localtime(at).date()
    first, last = bounds(*quarter_of(today))
    people = list(present_staff(dealer).exclude(position__track="").values_list("pk", flat=True))
    counts = attendance_in(people, first, last).values()
    attended, expected = sum(have for have, _all in counts), sum(total for _have, total in counts)
    if not expected:
        return
    percent = round(100 * attended / expected)
    yield {
        "label": _("Attendance this quarter"),
        "value": percent,
        "unit": "%",
        "badge": _("Aim: 80 %"),
        "tone": "good" if percent >= 80 else "warn",
        "url": reverse("training_board"),
    }


def _sessions(dealer, at):
    coming = Session.objects.filter(dealer=dealer, status__in=["planned", "confirmed"], starts_at__gte=at)
    counts = coming.aggregate(
        all=Count("pk"), bare=Count("pk", filter=Q(material_at__isnull=True, starts_at__lt=at + timezone.timedelta(days=7)))
    )
    yield {
        "label": _("Sessions still to come"),
        "value": counts["all"],
        "badge": _("%(count)d within a week lack material") % {"count": counts["bare"]} if counts["bare"] else _("material in time"),
        "tone": "warn" if counts["bare"] else "good",
        "url": reverse("training_board"),
    }


def _pay(user, dealer):
    wanted = {"pay.approve_pay_changes": "proposed", "pay.countersign_pay_changes": "approved"}
    status = next((status for permission, status in wanted.items() if user.has_perm(permission)), None)
    if status is None:
        return
    label = _("Pay changes to approve") if status == "proposed" else _("Pay changes to countersign")
    waiting = PayChange.objects.filter(dealer=dealer, status=status).count()
    yield {"label": label, "value": waiting, "tone": "warn", "url": f"{reverse('pay_changes')}?status={status}"}


def cycles_under_way(dealer, at):
    """The dealer's cycles that are not closed, newest first, each with the steps for a stepper."""
    steps = [value for value, _label in Cycle.Status.choices]
    cycles = Cycle.objects.filter(dealer=dealer).exclude(status__in=["closed"]).order_by("-year", "-quarter", "track")[:2]
    for cycle in cycles:
        here = steps.index(cycle.status)
        cycle.steps = [
            {"label": label, "state": "done" if index < here else "here" if index == here else "todo"}
            for index, (_value, label) in enumerate(Cycle.Status.choices)
        ]
        yield cycle


def certificate_cards(employee, decisions, today):
    """The person's certificates for `components/certificate_card.html`: ours by decision, newest first, then the makers'."""
    for decision in reversed([decision for decision in decisions if decision.certificate_id]):
        one = decision.certificate
        yield {
            "title": f"{decision.get_track_display()} · {decision.get_to_level_display()}",
            "number": one.number,
            "level": one.level,
            "issued_on": timezone.localtime(one.issued_at).date(),
            "expires_on": one.expires_on,
            "status": "revoked" if one.revoked_at else _validity(one.expires_on, today),
            "url": reverse("verify", args=[one.code]),
            "pdf_url": reverse("certificate_pdf", args=[one.pk]),
        }
    for one in employee.oem_certificates.all():
        yield {
            "title": f"{one.name} {one.level}",
            "number": one.number,
            "level": 0,
            "issued_on": one.issued_on,
            "expires_on": one.expires_on,
            "status": _validity(one.expires_on, today),
        }


def _validity(expires_on, today):
    if expires_on is None:
        return "valid"
    if expires_on < today:
        return "expired"
    return "expiring" if (expires_on - today).days <= EXPIRING_DAYS else "valid"


def level_table(dealer):
    """Rows for the table of levels: [track, how many at 0, 1, 2, 3]. One query."""
    rows = {track: [0] * len(Level) for track in Track}
    people = present_staff(dealer).exclude(position__track="").select_related(None).order_by()
    counts = people.values_list("position__track", "service_level", "technical_level").annotate(count=Count("pk"))
    for track, service, technical, count in counts:
        rows[Track(track)][service if track == Track.SERVICE else technical] += count
    return [[track.label, *counts] for track, counts in rows.items()]
