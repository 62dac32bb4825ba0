"""What is done with a session: its page, its material, and the organiser's buttons and forms on that page."""

from pathlib import PurePath

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.training.actions.attendance import call_roll, correct_attendance
from courses.training.actions.material import name_guest, submit_material
from courses.training.actions.presenters import name_presenter
from courses.training.actions.sessions import cancel_session, close_session, confirm_session, move_session, start_session, swap_presenters
from courses.training.forms import CancelForm, CloseForm, GuestForm, MaterialForm, MoveForm, PresenterForm, roll_of, shown_on_roll
from courses.training.models import Session
from courses.training.permissions import may_hand_in_material
from courses.training.queries.attention import material_due_on
from courses.training.queries.presenting import stand_ins_for
from courses.training.uploads import TYPES
from courses.training.views.session import correction_form, session_page, swap_form
from courses.training.views.shared import organised_session, visible_session
from lms.common import limits
from lms.common.acting import attempt, form_on, open_to
from lms.common.states import require
from lms.common.uploads import takes_files


@open_to("training.attend_sessions")
@require_safe
def session(request, pk):
    return session_page(request, pk)


@takes_files(most=limits.MATERIAL_FILE)
@open_to("training.attend_sessions")
@require_http_methods(["GET", "POST"])
def material(request, pk):
    one = visible_session(request, pk)
    require(may_hand_in_material(request.user, one), _("The material of a session is handed in by its presenter or by the organiser."))
    if request.method == "GET" and one.status in (Session.Status.CLOSED, Session.Status.CANCELLED):
        messages.info(request, _("This session is “%(state)s”: no material is asked for any more.") % {"state": one.get_status_display()})
        return redirect("session", pk=one.pk)
    form = MaterialForm(request.POST or None, request.FILES or None, session=one)
    if form.is_valid():
        done = _("The material is in. Thank you.")
        if attempt(request, submit_material, done, form=form, session=one, **form.cleaned_data):
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


@open_to("training.organise_sessions", post=True)
def confirm(request, pk):
    attempt(request, confirm_session, _("The session is confirmed."), session=visible_session(request, pk))
    return redirect("session", pk=pk)


@open_to("training.organise_sessions", post=True)
def start(request, pk):
    started = attempt(request, start_session, _("The session has begun: check-in is open."), session=visible_session(request, pk))
    return redirect("session_room" if started else "session", pk=pk)


@open_to("training.organise_sessions")
@form_on(session)
def close(request, pk):
    """What is marked on the roll comes along, saved or not."""
    done = _("The session is closed and its attendance stands.")
    return _called(request, visible_session(request, pk), close_session, done, form=CloseForm(request.POST))


@open_to("training.organise_sessions")
@form_on(session)
def cancel(request, pk):
    form = CancelForm(request.POST)
    done = _("The session is cancelled; everyone is told.")
    return _answer(request, organised_session(request, pk), cancel_session, done, cancel_form=form)


@open_to("training.organise_sessions")
@form_on(session)
def move(request, pk):
    form = MoveForm(request.POST)
    done = _("The session is moved; everyone is told.")
    return _answer(request, organised_session(request, pk), move_session, done, move_form=form)


@open_to("training.organise_sessions")
@form_on(session)
def guest(request, pk):
    form = GuestForm(request.POST)
    return _answer(request, organised_session(request, pk), name_guest, _("The guest lecturer is named."), guest_form=form)


@open_to("training.organise_sessions")
@form_on(session)
def swap(request, pk):
    one = organised_session(request, pk)
    done = _("The two presenters have swapped; both are told.")
    return _answer(request, one, swap_presenters, done, swap_form=swap_form(request, one, request.POST))


@open_to("training.organise_sessions")
@form_on(session)
def presenter(request, pk):
    one = organised_session(request, pk)
    done = _("Someone else presents now; both are told.")
    return _answer(request, one, name_presenter, done, presenter_form=PresenterForm(request.POST, people=stand_ins_for(one)))


def _answer(request, one, action, done, **place):
    """The session's page again where the form or the action refused, with what was typed; else the session as it has become, and the focus
    on what is said of it."""
    (form,) = place.values()
    if form.is_valid() and attempt(request, action, done, form=form, session=one, **form.cleaned_data):
        return redirect(f"{reverse('session', args=[one.pk])}#messages")
    return session_page(request, one.pk, **place)


@open_to("training.organise_sessions")
@form_on(session)
def roll(request, pk):
    return _called(request, organised_session(request, pk), call_roll, _roll_words)


def _called(request, one, action, done, form=None):
    """The session as it has become, or the roll again as it was marked, beside what stands there now. `form` goes with closing."""
    states = roll_of(request.POST)
    if states is None:
        messages.error(request, _("This roll could not be read. Load the page again."))
    elif form is None or form.is_valid():
        values = {"session": one, "states": states, "shown": shown_on_roll(request.POST)} | (form.cleaned_data if form else {})
        if attempt(request, action, done, form=form, **values) is not None:
            return redirect("session", pk=one.pk)
    return session_page(request, one.pk, chosen=states, **({"close_form": form} if form else {}))


def _roll_words(changed):
    return _("The roll is saved: %(number)s changed.") % {"number": changed}


@open_to("training.organise_sessions")
@form_on(session)
def correct(request, pk):
    one = organised_session(request, pk)
    form = correction_form(request, one, request.POST)
    if form.is_valid() and attempt(request, correct_attendance, _("The correction stands on record."), form=form, **form.cleaned_data):
        return redirect("session", pk=pk)
    return session_page(request, pk, correction_form=form)
