"""The session's page: read by everyone of the dealer, with the organiser's forms, a refused one as it was typed."""

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone

from courses.learning.queries import in_reader_language
from courses.training.actions.attendance import not_about_oneself
from courses.training.forms import CancelForm, CloseForm, CorrectionForm, GuestForm, MoveForm, PresenterForm, SwapForm
from courses.training.models import Attendance, Reflection, Session
from courses.training.permissions import may_hand_in_material, may_note_attendance, may_organise, may_see_roll
from courses.training.queries.attention import material_due_on
from courses.training.queries.boards import who_presents
from courses.training.queries.doubts import clash_words, clashes_of
from courses.training.queries.presenting import Unfit, leaves_of, stand_ins_for, unfit_presenters, why_not_presents
from courses.training.queries.sessions import attendances_of, audience_at, sessions_visible_to
from courses.training.queries.shown import guest_shown, turn_shown
from courses.training.rota import is_away
from courses.training.views.shared import board_url_of, visible_session
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
        context["arrange"] = _offered(request, one, attendances, bound)
        context |= context["arrange"]
        context.get("roll", {})["early"] = context.get("early")
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
        "board_url": board_url_of(one),
        "coming": one.status in (Status.PLANNED, Status.CONFIRMED),
        "opens_later": timezone.now() < one.opens_at,
        "is_past": one.is_past(timezone.now()),
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
        "roll": {"states": [(state.value, state.label) for state in ROLL_STATES]} | _closing(one, attendances),
        "counts": [{"label": state.label, "value": states.count(state)} for state in State if state in states],
    }


def _closing(one, attendances):
    """What closing now would make of the rows still open: how many of how many are absent, and whether one's own is not noted."""
    still_open = [row for row in attendances if row.chosen == State.EXPECTED]
    absent = [row for row in still_open if row.may_note and row.employee_id != one.presenter_id]
    return {"absent": len(absent), "total": len(attendances), "not_noted": any(not row.may_note for row in still_open)}


def _offered(request, one, attendances, bound):
    forms = _forms(request, one)
    if one.status in (Status.PLANNED, Status.CONFIRMED):
        forms["expected"] = audience_at(one).count()
        forms["clashes"] = [clash_words(booking) for booking in clashes_of(one, one.starts_at, one.ends_at)]
    for place, form in bound.items():
        if place in forms:
            forms[place] = form
        if form.errors and (place not in forms or (place == "close_form" and form.non_field_errors())):
            messages.error(request, first_error(form))
            forms["typed"] = typed_texts(request)
    if "close_form" in forms and timezone.now() < one.over_at:
        forms["early"] = forms["close_form"]["early"]
    if any(not row.may_note for row in attendances):
        forms["own_words"] = not_about_oneself(request.user, one.dealer)
    return forms


def _forms(request, one):
    if one.status == Status.HELD:
        return {"close_form": CloseForm()}
    if one.status == Status.CLOSED:
        return {"correction_form": correction_form(request, one)}
    if one.status not in (Status.PLANNED, Status.CONFIRMED):
        return {}
    begin, facts = timezone.localtime(one.starts_at), turn_shown(one)
    move_form = MoveForm(initial={"on": one.on, "starts_at": begin.time()}, facts=facts)
    forms = {"move_form": move_form, "cancel_form": CancelForm(facts=facts)}
    if one.is_guest:
        forms["guest_form"] = GuestForm(initial={"guest_name": one.guest_name}, facts=guest_shown(one))
    if one.status == Status.PLANNED and one.presenter_id and why_not_presents(one.presenter, one) in ("", Unfit.LEAVE):
        forms["swap_form"] = swap_form(request, one, initial={"other": request.GET.get("swap", "")})
    if not one.is_guest:
        forms["presenter_form"] = PresenterForm(people=stand_ins_for(one), facts=facts)
        forms["opens_presenter"] = "presenter" in request.GET
    return forms


def swap_form(request, one, data=None, **more):
    """Of the sessions to come, those whose presenter could take this turn: here, in the programme, and not away on either day."""
    others = sessions_visible_to(request.user).filter(programme=one.programme_id, status=Status.PLANNED, starts_at__gt=timezone.now())
    others = others.exclude(pk=one.pk).filter(presenter__isnull=False).exclude(presenter=one.presenter_id)
    coming = list(others)
    own = leaves_of([one, *coming])
    away = {other.pk for other in coming if is_away(own, one.presenter_id, other.on) or is_away(own, other.presenter_id, one.on)}
    others = others.exclude(pk__in=away | unfit_presenters(coming, own).keys())
    return SwapForm(data, session=one, choices=others.order_by("on"), **more)


def correction_form(request, one, data=None):
    """Of everyone but whoever corrects."""
    return CorrectionForm(data, attendances=attendances_of(one).exclude(employee__user=request.user))
