"""Lectures at schools: each is arranged alone."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.training.actions.lectures import arrange_lecture
from courses.training.forms import LectureForm
from courses.training.kinds import names_once
from courses.training.models import Programme
from courses.training.permissions import may_organise
from courses.training.queries.sessions import programmes_visible_to
from courses.training.queries.turns import presenters_of
from lms.common.acting import attempt, open_to
from lms.common.states import require


@open_to("training.organise_sessions")
@require_http_methods(["GET", "POST"])
def lecture_new(request, pk):
    found = programmes_visible_to(request.user).filter(status=Programme.Status.OPEN, kind__in=names_once())
    programme = get_object_or_404(found.select_related("audience"), pk=pk)
    require(may_organise(request.user, programme), _("Sessions of this training are organised by the service manager of their own dealer."))
    today = timezone.localdate()
    form = LectureForm(request.POST or None, programme=programme, people=presenters_of(programme, today, today))
    if form.is_valid():
        done = _("The lecture is arranged, and its presenter is told.")
        session = attempt(request, arrange_lecture, done, form=form, programme=programme, **form.cleaned_data)
        if session:
            return redirect("session", pk=session.pk)
    return render(request, "courses/training/lecture_new.html", {"form": form})
