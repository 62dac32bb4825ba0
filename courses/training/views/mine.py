from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.training.actions.reflections import save_reflection_draft, score_reflection, submit_reflection
from courses.training.choices import REFLECTION_LEAST
from courses.training.forms import ReflectionForm, ScoreForm
from courses.training.models import Attendance, Session
from courses.training.permissions import may_score, may_write
from courses.training.prose import length_of
from courses.training.queries.attention import material_due_on
from courses.training.queries.boards import who_presents
from courses.training.queries.figures import attendance_in, so_far, still_owed
from courses.training.queries.sessions import reflections_visible_to, sessions_for, sessions_visible_to
from courses.training.queries.shown import score_shown, text_shown
from lms.common.acting import attempt, first_error, form_on, open_to
from lms.common.scores import percent_of
from lms.people.permissions import employee_of

Status = Session.Status


@open_to("training.attend_sessions")
@require_safe
def training(request):
    """What is coming for me, my turn to present, what I owe, and how often I was there this quarter."""
    employee = employee_of(request.user)
    if employee is None:
        raise Http404
    today = timezone.localdate()
    first, last = so_far(today)
    coming = list(
        sessions_visible_to(request.user)
        .filter(sessions_for(employee, today), on__gte=today, on__lt=today + timedelta(days=42))
        .exclude(status=Status.CLOSED)
        .order_by("starts_at")[:8]
    )
    turns = list(
        sessions_visible_to(request.user).filter(
            presenter=employee, on__gte=today, status__in=[Status.PLANNED, Status.CONFIRMED, Status.HELD]
        )
    )
    for session in (*coming, *turns):
        session.who, session.due_on = who_presents(session), material_due_on(session)
    attended, expected = attendance_in([employee.pk], first, last, track=employee.position.track)[employee.pk]
    rows = Attendance.objects.filter(employee=employee, session__status=Status.CLOSED, session__on__range=(first, last))
    context = {
        "employee": employee,
        "today": today,
        "coming": coming,
        "turns": turns,
        "attended": attended,
        "expected": expected,
        "rate": percent_of(attended, expected) if expected else None,
        "attendances": rows.select_related("session__programme", "session__topic").order_by("-session__starts_at"),
        "owed": still_owed().filter(employee=employee).select_related("session__programme").order_by("due_at"),
        "now": timezone.now(),
    }
    return render(request, "courses/training/training.html", context)


def visible_reflection(request, pk):
    return get_object_or_404(reflections_visible_to(request.user), pk=pk)


@open_to("training.attend_sessions")
@require_http_methods(["GET", "POST"])
def reflection(request, pk):
    """The author writes and hands in; the organiser reads and scores."""
    one = visible_reflection(request, pk)
    if request.method != "POST":
        return _page(request, pk)
    form = ReflectionForm(request.POST)
    if form.is_valid() and _written(request, one, form):
        return redirect("reflection", pk=pk)
    return _page(request, pk, form=form)


def _written(request, one, form):
    words = {"reflection": one, **form.cleaned_data}
    if "submit" not in request.POST:
        return attempt(request, save_reflection_draft, _("Your draft is saved."), form=form, **words)
    if attempt(request, submit_reflection, _("Your reflection is handed in. Thank you."), form=form, **words):
        return True
    if not form.is_told and visible_reflection(request, one.pk).submitted_at is None:
        # A refusal must not lose what was written, not even when the phone is put away now.
        attempt(request, save_reflection_draft, **words)
    return False


def _page(request, pk, *, form=None, score_form=None):
    """The reflection as it stands; `form` and `score_form` were refused. What can no longer be handed in is shown to be copied."""
    one = visible_reflection(request, pk)
    unsaved = ""
    if form is not None and one.submitted_at:
        messages.error(request, first_error(form))
        unsaved = form["text"].value()
    if score_form is None and one.submitted_at and may_score(request.user, one):
        score_form = ScoreForm(initial={"score": one.score}, facts=score_shown(one))
    context = {
        "reflection": one,
        "is_mine": may_write(request.user, one),
        "form": form or ReflectionForm(initial={"text": one.text}, facts=text_shown(one)),
        "unsaved": unsaved,
        "stands": one.text if form is not None and form.is_told else "",
        "length": length_of((form and form["text"].value()) or one.text),
        "least": REFLECTION_LEAST,
        "overdue": one.submitted_at is None and one.due_at < timezone.now(),
        "score_form": score_form,
    }
    return render(request, "courses/training/reflection.html", context)


@open_to("training.attend_sessions", post=True)
def reflection_draft(request, pk):
    """Autosave while writing: answers with the line that says so, or with why it was not saved."""
    one = visible_reflection(request, pk)
    form = ReflectionForm(request.POST)
    if not form.is_valid() or attempt(request, save_reflection_draft, form=form, reflection=one, **form.cleaned_data) is None:
        # The page still shows what it did: it is told in full by the button, which shows what stands there.
        why = {"why": first_error(form), "shown": ReflectionForm(request.POST)["shown"]}
        return render(request, "courses/training/_draft_refused.html", why, status=409)
    context = {"length": length_of(one.text), "least": REFLECTION_LEAST, "saved_at": timezone.now()}
    context["shown"] = ReflectionForm(facts=text_shown(one))["shown"]
    return render(request, "courses/training/_draft_saved.html", context)


@open_to("training.organise_sessions")
@form_on(reflection)
def reflection_score(request, pk):
    one = visible_reflection(request, pk)
    form = ScoreForm(request.POST)
    if form.is_valid() and attempt(request, score_reflection, _("The score is saved."), form=form, reflection=one, **form.cleaned_data):
        return redirect("reflection", pk=pk)
    return _page(request, pk, score_form=form)
