"""Exams that someone would not sit or not watch over."""

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from assessments.exams.models import Paper, Sitting
from lms.common.registries import Effect, effect


@effect
def sits(change, user):
    """Papers not begun yet. One statement."""
    if not (change.is_leave or change.leaves_dealer):
        return
    papers = Paper.objects.filter(candidate=change.person, attempt=None, sitting__status=Sitting.Status.READY)
    for paper in papers.filter(**change.during("sitting__opens_at__date")).select_related("sitting").order_by("sitting__opens_at"):
        yield Effect(
            _("Has a seat in an exam: %(sitting)s, %(day)s") % _words(paper.sitting),
            _("Whoever misses it can be given another date until results are fixed."),
            _page(paper.sitting, user),
        )


@effect
def watches(change, user):
    """Sittings that they watch over. One statement."""
    if not (change.is_leave or change.leaves_dealer):
        return
    watched = Sitting.objects.filter(invigilator=change.person, **change.during("opens_at__date"))
    for sitting in watched.exclude(status=Sitting.Status.CLOSED).order_by("opens_at"):
        yield Effect(
            _("Watches over an exam: %(sitting)s, %(day)s") % _words(sitting), _("Name another invigilator."), _page(sitting, user)
        )


def _words(sitting):
    return {"sitting": sitting, "day": formats.date_format(timezone.localtime(sitting.opens_at), "DATETIME_FORMAT")}


def _page(sitting, user):
    return reverse("sitting", args=[sitting.pk]) if user.has_perm("exams.manage_sittings") else ""
