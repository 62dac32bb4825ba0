"""Exams that a person sits or watches over."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.exams.models import Attempt, Paper, Sitting
from assessments.exams.queries import booking_of
from lms.common.registries import Entry, booking, feed


@feed
def exams(employee, start, end):
    """Two statements: what is sat, what is watched over."""
    papers = Paper.objects.filter(_within("sitting__", start, end), candidate=employee, sitting__status=Sitting.Status.READY)
    still_to_sit = papers.filter(attempt__submitted_at=None).exclude(attempt__status=Attempt.Status.VOIDED)
    for paper in still_to_sit.select_related("sitting"):
        yield _entry(f"paper-{paper.pk}", paper.sitting, reverse("exam_start", args=[paper.pk]), extra=paper.extra_minutes)
    watched = Sitting.objects.filter(_within("", start, end), invigilator=employee).exclude(status=Sitting.Status.CLOSED)
    for sitting in watched:
        yield _entry(f"sitting-{sitting.pk}", sitting, reverse("sitting", args=[sitting.pk]), _("you watch over it"))


def _within(prefix, start, end):
    """Windows that touch the time from `start` on: one that has begun and is still open is shown too."""
    return Q(**{f"{prefix}closes_at__gt": start, f"{prefix}opens_at__lt": end})


def _entry(key, sitting, url, note="", extra=0):
    return Entry(
        key=key,
        title=str(sitting),
        starts_at=sitting.opens_at,
        ends_at=sitting.closes_at,
        url=url,
        place=sitting.room,
        note=note or _("%(minutes)d minutes") % {"minutes": sitting.minutes + extra},
    )


@booking
def rooms(dealer, start, end):
    """One statement."""
    for sitting in Sitting.objects.filter(_within("", start, end), dealer=dealer).exclude(status=Sitting.Status.CLOSED).exclude(room=""):
        yield booking_of(sitting)
