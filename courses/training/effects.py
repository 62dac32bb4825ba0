"""Sessions and programmes that are left without someone: as presenter, organiser, watcher."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.training.models import Programme, Session
from lms.common.registries import Effect, effect

COMING = [Session.Status.PLANNED, Session.Status.CONFIRMED]


@effect
def presents(change, user):
    """Their turns in that time, each by itself. One statement."""
    if not (change.is_leave or change.leaves_post):
        return
    turns = Session.objects.filter(presenter=change.person, status__in=COMING, **change.during("on"))
    for session in turns.select_related("programme").order_by("starts_at"):
        words = {"day": formats.date_format(session.on, "DATE_FORMAT"), "programme": session.programme.get_kind_display()}
        yield Effect(
            _("Presents on %(day)s: %(programme)s") % words,
            _("The turn does not pass on by itself: name another presenter on the session's page."),
            reverse("session", args=[session.pk]),
        )


@effect
def runs(change, user):
    """Programmes that they organise or watch, with how many sessions fall into that time. One statement."""
    if not (change.is_leave or change.leaves_post):
        return
    in_time = Q(**{f"sessions__{lookup}": day for lookup, day in change.during("on").items()}, sessions__status__in=COMING)
    mine = Programme.objects.filter(Q(organiser=change.person) | Q(watcher=change.person), status=Programme.Status.OPEN)
    for programme in mine.annotate(coming=Count("sessions", filter=in_time)).order_by("kind"):
        if programme.coming or not change.is_leave:
            yield _programme(programme, change.person)


def _programme(programme, person):
    organises = programme.organiser_id == person.pk
    title = _("Organises: %(programme)s") if organises else _("Watches over: %(programme)s")
    count = ngettext("%(count)d session in that time", "%(count)d sessions in that time", programme.coming)
    follows = _("someone else has to open, call the roll and close") if organises else _("someone else has to follow the attendance")
    text = f"{count % {'count': programme.coming}}; {follows}." if programme.coming else _("Someone else takes it over.")
    return Effect(title % {"programme": programme}, text, reverse("training_board"))
