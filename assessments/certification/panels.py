"""Certificates on a person's page and on *My growth*: ours, the newest first, then the makers'."""

from django.urls import reverse
from django.utils import timezone

from assessments.certification.models import State
from assessments.certification.queries import certificates_visible_to, oem_certificates_visible_to
from lms.common.registries import GROWTH, PERSON, WIDE, panel


def everyone(user, person):
    """Whoever sees the person sees the certificates."""
    return True


@panel("assessments/certification/_cards.html", order=20, sees=everyone, on={PERSON: WIDE, GROWTH: WIDE})
def certificates(person, user, at):
    return {"cards": cards_of(person, user, timezone.localdate(at))}


def cards_of(person, user, today):
    """What `components/certificate_card.html` shows, once a certificate. Two statements."""
    return [*_ours(person, user, today), *_makers(person, user, today)]


def _state(one, today):
    status = one.state_on(today)
    return {"status": status, "state": State(status).label}


def _ours(person, user, today):
    for one in certificates_visible_to(user).select_related(None).filter(employee=person):
        yield {
            "title": f"{one.get_track_display()} · {one.get_level_display()}",
            "number": one.number,
            "level": one.level,
            "issued_on": timezone.localdate(one.issued_at),
            "expires_on": one.expires_on,
            **_state(one, today),
            "url": reverse("verify", args=[one.code]),
            "pdf_url": reverse("certificate_pdf", args=[one.pk]),
        }


def _makers(person, user, today):
    for one in oem_certificates_visible_to(user).select_related(None).filter(employee=person):
        yield {
            "title": f"{one.name} {one.level}",
            "number": one.number,
            "level": 0,
            "issued_on": one.issued_on,
            "expires_on": one.expires_on,
            **_state(one, today),
        }
