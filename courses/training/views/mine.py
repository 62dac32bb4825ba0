from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.training.actions import save_reflection_draft, score_reflection, submit_reflection
from courses.training.choices import REFLECTION_LEAST
from courses.training.forms import ScoreForm
from courses.training.models import Attendance, Reflection, Session
from courses.training.permissions import may_organise
from courses.training.queries import attendance_in, length_of, material_due_on, reflections_visible_to, sessions_visible_to, who_presents
from courses.training.views.shared import attempt, first_error, open_to
from lms.common.quarters import bounds, quarter_of
from lms.people.permissions import employee_of

Status = Session.Status


@open_to("training.attend_sessions")
def training(request):
    """What is coming for me, my turn to present, what I owe, and how often I was there this quarter."""
    employee = employee_of(request.user)
    if employee is None:
        raise Http404
    today = timezone.localdate()
    first, last = bounds(*quarter_of(today))
    coming = list(
        sessions_visible_to(request.user)
        .filter(dealer=employee.dealer_id, programme__kind=employee.position.track, on__gte=today, on__lt=today + timedelta(days=42))
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
    attended, expected = attendance_in([employee.pk], first, last)[employee.pk]
    rows = Attendance.objects.filter(employee=employee, session__status=Status.CLOSED, session__on__range=(first, last))
    context = {
        "employee": employee,
        "today": today,
        "coming": coming,
        "turns": turns,
        "attended": attended,
        "expected": expected,
        "rate": round(100 * attended / expected) if expected else None,
        "attendances": rows.select_related("session__programme", "session__topic").order_by("-session__starts_at"),
        "owed": Reflection.objects.filter(employee=employee, submitted_at__isnull=True)
        .select_related("session__programme")
        .order_by("due_at"),
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
    if request.method == "POST":
        return _write(request, one)
    employee = employee_of(request.user)
    context = {
        "reflection": one,
        "is_mine": one.employee_id == employee.pk,
        "length": length_of(one.text),
        "least": REFLECTION_LEAST,
        "overdue": one.submitted_at is None and one.due_at < timezone.now(),
        "score_form": ScoreForm(initial={"score": one.score}) if may_organise(request.user, one.session.dealer_id) else None,
    }
    return render(request, "courses/training/reflection.html", context)


def _write(request, one):
    text = request.POST.get("text", "")
    if "submit" not in request.POST:
        attempt(request, save_reflection_draft, _("Your draft is saved."), reflection=one, text=text)
    elif (
        not attempt(request, submit_reflection, _("Your reflection is handed in. Thank you."), reflection=one, text=text)
        and not one.submitted_at
    ):
        # A refusal must not lose what was written.
        save_quietly(request, one, text)
    return redirect("reflection", pk=one.pk)


def save_quietly(request, one, text):
    if one.employee_id == employee_of(request.user).pk:
        save_reflection_draft(reflection=one, text=text, by=request.user, at=timezone.now())


@open_to("training.attend_sessions")
@require_POST
def reflection_draft(request, pk):
    """Autosave while writing: answers with the line that says so."""
    one = visible_reflection(request, pk)
    if attempt(request, save_reflection_draft, reflection=one, text=request.POST.get("text", "")) is None:
        said = list(messages.get_messages(request))
        return HttpResponse(str(said[-1]), status=409, content_type="text/plain; charset=utf-8")
    context = {"length": length_of(one.text), "least": REFLECTION_LEAST, "saved_at": timezone.now()}
    return render(request, "courses/training/_draft_saved.html", context)


@open_to("training.organise_sessions")
@require_POST
def reflection_score(request, pk):
    one = visible_reflection(request, pk)
    form = ScoreForm(request.POST)
    if form.is_valid():
        attempt(request, score_reflection, _("The score is saved."), reflection=one, **form.cleaned_data)
    else:
        messages.error(request, first_error(form))
    return redirect("reflection", pk=pk)
