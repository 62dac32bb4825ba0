"""The session's page: read by everyone of the dealer, with the organiser's forms, a refused one as it was typed."""

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone

from courses.learning.queries import in_reader_language
from courses.training.actions.attendance import not_about_oneself
from courses.training.forms import CancelForm, CorrectionForm, MoveForm, SwapForm
from courses.training.models import Attendance, Reflection, Session
from courses.training.permissions import may_hand_in_material, may_note_attendance, may_organise, may_see_roll
from courses.training.queries.boards import material_due_on, who_presents
from courses.training.queries.sessions import attendances_of, sessions_visible_to
from courses.training.queries.shown import turn_shown
from courses.training.views.shared import visible_session
from lms.common.acting import first_error, typed_texts
from lms.people.permissions import employee_of

Status, State = Session.Status, Attendance.State
ROLL_STATES = [State.PRESENT, State.LATE, State.LEFT_EARLY, State.EXCUSED, State.ABSENT]


def session_page(request, pk, *, chosen=None, **bound):
    """The page as it is now. `bound` holds a form that was refused, by its place (`move_form`), `chosen` a roll that was.

    Where the session has gone on and the form has no place any more, its refusal is said at the head of the page.
    """
    one = visible_session(request, pk)
    attendances = list(attendances_of(one)) if one.status in (Status.HELD, Status.CLOSED) else []
    context = _what_it_is(request, one, attendances) | _attendance(request, one, attendances, chosen or {})
    if may_organise(request.user, one.programme):
        context |= _offered(request, one, attendances, bound)
    return render(request, "courses/training/session.html", context)


def _what_it_is(request, one, attendances):
    employee = employee_of(request.user)
    reflections = list(Reflection.objects.filter(session=one).select_related("employee")) if one.is_guest else []
    organises = may_organise(request.user, one.programme)
    return {
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
        "reflections": reflections if organises else [],
    }


def _attendance(request, one, attendances, chosen):
    if not may_see_roll(request.user, one):
        return {}
    for row in attendances:
        row.session = one
        row.may_note = may_note_attendance(request.user, row)
        row.chosen = chosen.get(row.employee_id, row.state)
    states = [row.state for row in attendances]
    return {
        "attendances": attendances,
        "counts": [{"label": state.label, "value": states.count(state)} for state in State if state in states],
        "states": [(state.value, state.label) for state in ROLL_STATES],
    }


def _offered(request, one, attendances, bound):
    forms = _forms(request, one)
    for place, form in bound.items():
        if place in forms:
            forms[place] = form
        else:
            messages.error(request, first_error(form))
            forms["typed"] = typed_texts(request)
    if any(not row.may_note for row in attendances):
        forms["own_words"] = not_about_oneself(request.user, one.dealer)
    return forms


def _forms(request, one):
    if one.status == Status.CLOSED:
        return {"correction_form": correction_form(request, one)}
    if one.status not in (Status.PLANNED, Status.CONFIRMED):
        return {}
    begin, facts = timezone.localtime(one.starts_at), turn_shown(one)
    move_form = MoveForm(initial={"on": one.on, "starts_at": begin.time()}, facts=facts)
    forms = {"move_form": move_form, "cancel_form": CancelForm(facts=facts)}
    if one.status == Status.PLANNED and one.presenter_id:
        forms["swap_form"] = swap_form(request, one, initial={"other": request.GET.get("swap", "")})
    return forms


def swap_form(request, one, data=None, **more):
    """Of the sessions to come, those whose presenter could take this turn."""
    others = sessions_visible_to(request.user).filter(programme=one.programme_id, status=Status.PLANNED, starts_at__gt=timezone.now())
    others = others.exclude(pk=one.pk).filter(presenter__isnull=False).exclude(presenter=one.presenter_id)
    return SwapForm(data, session=one, choices=others.order_by("on"), **more)


def correction_form(request, one, data=None):
    """Of everyone but whoever corrects."""
    return CorrectionForm(data, attendances=attendances_of(one).exclude(employee__user=request.user))
