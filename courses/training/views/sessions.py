from pathlib import PurePath

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.learning.queries import in_reader_language
from courses.training import actions
from courses.training.forms import CancelForm, CorrectionForm, MaterialForm, MoveForm, SwapForm, roll_of
from courses.training.models import Attendance, Reflection, Session
from courses.training.permissions import may_hand_in_material, may_organise, may_see_roll
from courses.training.queries import attendances_of, material_due_on, sessions_visible_to, who_presents
from courses.training.uploads import TYPES
from courses.training.views.shared import attempt, first_error, open_to, visible_session
from lms.common import limits
from lms.common.uploads import takes_files
from lms.people.permissions import employee_of

Status, State = Session.Status, Attendance.State
ROLL_STATES = [State.PRESENT, State.LATE, State.LEFT_EARLY, State.EXCUSED, State.ABSENT]


@open_to("training.attend_sessions")
def session(request, pk):
    one = visible_session(request, pk)
    employee = employee_of(request.user)
    organises, sees_roll = may_organise(request.user, one.dealer_id), may_see_roll(request.user, one)
    attendances = list(attendances_of(one)) if one.status in (Status.HELD, Status.CLOSED) else []
    reflections = list(Reflection.objects.filter(session=one).select_related("employee")) if one.is_guest else []
    context = {
        "session": one,
        "who": who_presents(one),
        "course": in_reader_language([one.course])[0] if one.course_id else None,
        "due_on": material_due_on(one),
        "coming": one.status in (Status.PLANNED, Status.CONFIRMED),
        "today": timezone.localdate(),
        "organises": organises,
        "may_hand_in": may_hand_in_material(request.user, one) and one.status not in (Status.CLOSED, Status.CANCELLED),
        "mine": next((row for row in attendances if employee and row.employee_id == employee.pk), None),
        "my_reflection": next((row for row in reflections if employee and row.employee_id == employee.pk), None),
        "attendances": attendances if sees_roll else [],
        "counts": _counts(attendances) if sees_roll else [],
        "roll_states": [(state.value, state.label) for state in ROLL_STATES],
        "reflections": reflections if organises else [],
        **(_organisers_forms(request, one) if organises else {}),
    }
    return render(request, "courses/training/session.html", context)


def _counts(attendances):
    states = [row.state for row in attendances]
    return [{"label": state.label, "value": states.count(state)} for state in State if state in states]


def _organisers_forms(request, one):
    if one.status == Status.CLOSED:
        return {"correction_form": CorrectionForm(attendances=attendances_of(one))}
    if one.status not in (Status.PLANNED, Status.CONFIRMED):
        return {}
    begin = timezone.localtime(one.starts_at)
    forms = {"move_form": MoveForm(initial={"on": one.on, "starts_at": begin.time()}), "cancel_form": CancelForm()}
    if one.status == Status.PLANNED and one.presenter_id:
        forms["swap_form"] = SwapForm(choices=_swappable(request, one), initial={"other": request.GET.get("swap", "")})
    return forms


def _swappable(request, one):
    others = sessions_visible_to(request.user).filter(programme=one.programme_id, status=Status.PLANNED, starts_at__gt=timezone.now())
    return others.exclude(pk=one.pk).filter(presenter__isnull=False).exclude(presenter=one.presenter_id).order_by("on")


@takes_files(most=limits.MATERIAL_FILE)
@open_to("training.attend_sessions")
@require_http_methods(["GET", "POST"])
def material(request, pk):
    one = visible_session(request, pk)
    if not may_hand_in_material(request.user, one):
        raise PermissionDenied
    form = MaterialForm(request.POST or None, request.FILES or None, session=one)
    if request.method == "POST" and form.is_valid():
        done = attempt(request, actions.submit_material, _("The material is in. Thank you."), session=one, **form.cleaned_data)
        if done:
            return redirect("session", pk=one.pk)
    return render(request, "courses/training/material.html", {"form": form, "session": one, "due_on": material_due_on(one)})


@open_to("training.attend_sessions")
def file(request, pk):
    """The material, always as a download of a type that we checked ourselves."""
    one = visible_session(request, pk)
    if not one.material:
        raise Http404
    ending = PurePath(one.material.name).suffix.lstrip(".")
    name = f"{get_valid_filename(one.title or 'material')}.{ending}"
    response = FileResponse(
        one.material.open("rb"), as_attachment=True, filename=name, content_type=TYPES.get(ending, "application/octet-stream")
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _organiser_post(view):
    return open_to("training.organise_sessions")(require_POST(view))


@_organiser_post
def confirm(request, pk):
    attempt(request, actions.confirm_session, _("The session is confirmed."), session=visible_session(request, pk))
    return redirect("session", pk=pk)


@_organiser_post
def start(request, pk):
    started = attempt(request, actions.start_session, _("The session has begun: check-in is open."), session=visible_session(request, pk))
    return redirect("session_room" if started else "session", pk=pk)


@_organiser_post
def close(request, pk):
    attempt(request, actions.close_session, _("The session is closed and its attendance stands."), session=visible_session(request, pk))
    return redirect("session", pk=pk)


@_organiser_post
def cancel(request, pk):
    _with_form(
        request,
        CancelForm(request.POST),
        actions.cancel_session,
        _("The session is cancelled; everyone is told."),
        visible_session(request, pk),
    )
    return redirect("session", pk=pk)


@_organiser_post
def move(request, pk):
    _with_form(
        request, MoveForm(request.POST), actions.move_session, _("The session is moved; everyone is told."), visible_session(request, pk)
    )
    return redirect("session", pk=pk)


@_organiser_post
def swap(request, pk):
    one = visible_session(request, pk)
    form = SwapForm(request.POST, choices=_swappable(request, one))
    _with_form(request, form, actions.swap_presenters, _("The two presenters have swapped; both are told."), one)
    return redirect("session", pk=pk)


@_organiser_post
def roll(request, pk):
    one = visible_session(request, pk)
    states = roll_of(request.POST)
    if states is None:
        messages.error(request, _("This roll could not be read. Load the page again."))
    else:
        changed = attempt(request, actions.call_roll, session=one, states=states)
        if changed is not None:
            messages.success(request, _("The roll is saved: %(number)s changed.") % {"number": changed})
    return redirect("session", pk=pk)


@_organiser_post
def correct(request, pk):
    one = visible_session(request, pk)
    form = CorrectionForm(request.POST, attendances=Attendance.objects.filter(session=one).select_related("session", "employee"))
    if form.is_valid():
        attempt(request, actions.correct_attendance, _("The correction stands on record."), **form.cleaned_data)
    else:
        messages.error(request, first_error(form))
    return redirect("session", pk=pk)


def _with_form(request, form, action, done, one):
    if form.is_valid():
        return attempt(request, action, done, session=one, **form.cleaned_data)
    messages.error(request, first_error(form))
    return None
