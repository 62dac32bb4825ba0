from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.acting import attempt, first_error, form_on, open_to
from lms.common.lists import Column, List
from talent_pool.interns.actions.logs import LEAST, answer_log, record_note, save_log_draft, submit_log
from talent_pool.interns.forms.logs import LogAnswerForm, LogFilter, LogForm, NoteForm
from talent_pool.interns.models import Placement, WeeklyLog
from talent_pool.interns.permissions import (
    LOG,
    MANAGE,
    STATIONS,
    VIEW,
    may_change,
    may_evaluate,
    may_keep_log,
    may_note,
    placements_scope,
)
from talent_pool.interns.queries.evaluations import KINDS, evaluations_of, formula_of
from talent_pool.interns.queries.logs import (
    is_answerer,
    log_shown,
    logs_to_read,
    notes_of,
    reads_logs,
    weeks_of,
    with_weeks,
    writing_placement,
)
from talent_pool.interns.weeks import number_of

MENTOR, COORDINATE = "onboarding.sign_off", "schools.coordinate_students"


class LogList(List):
    name = "weekly-logs"
    columns = [
        Column("placement.person.name", gettext_lazy("Name"), sort="placement__person__name", link=lambda log: _url_of(log)),
        Column("week_on", gettext_lazy("Week from"), sort="week_on"),
        Column("number", gettext_lazy("Week"), value=lambda log: number_of(log.placement.starts_on, log.week_on), numeric=True),
        Column(
            "submitted_at",
            pgettext_lazy("weekly log", "Submitted"),
            sort="submitted_at",
            value=lambda log: timezone.localdate(log.submitted_at),
        ),
        Column("text", gettext_lazy("What I did and learnt"), shown=False),
        Column(
            "state",
            gettext_lazy("State"),
            value=lambda log: pgettext("reply", "Answered") if log.answered_at else _("Not answered yet"),
            badge=lambda log: "good" if log.answered_at else "warn",
        ),
    ]
    filterset = LogFilter
    default_sort = "-submitted_at"
    empty_icon = "edit"
    empty_title = gettext_lazy("No weekly logs yet")
    empty_text = gettext_lazy("Interns submit one a week; the mentor of that week answers it here.")


def _url_of(log):
    return reverse("weekly_log", args=[log.placement_id, number_of(log.placement.starts_on, log.week_on)])


@open_to(VIEW, MENTOR)
@require_safe
def logs(request):
    """Logs that were handed in, to read and answer."""
    return LogList(request, logs_to_read(request.user)).response("talent_pool/interns/logs.html")


@open_to(LOG)
@require_safe
def my_logs(request):
    """The intern's weeks, on a phone."""
    placement = writing_placement(request.user)
    weeks = weeks_of(placement) if placement else []
    return render(request, "talent_pool/interns/my_logs.html", {"placement": placement, "weeks": weeks})


def visible_placement(request, pk):
    return get_object_or_404(with_weeks(Placement.objects.filter(placements_scope(request.user))), pk=pk)


def _visible_week(request, pk, number):
    placement = visible_placement(request, pk)
    week = next((one for one in weeks_of(placement) if one.number == number), None)
    if week is None or not reads_logs(request.user, placement):
        raise Http404
    return placement, week


@open_to(LOG, VIEW, MENTOR)
@require_http_methods(["GET", "POST"])
def week(request, pk, week):
    """The intern writes and hands in; the mentor reads and answers."""
    placement, one = _visible_week(request, pk, week)
    if request.method != "POST":
        return _page(request, placement, one)
    form = LogForm(request.POST)
    if form.is_valid() and _written(request, placement, one, form):
        return redirect("my_logs" if "submit" in request.POST else request.path)
    return _page(request, *_visible_week(request, pk, week), form=form)


def _written(request, placement, one, form):
    about = {"placement": placement, "week_on": one.monday, **form.cleaned_data}
    if "submit" not in request.POST:
        return attempt(request, save_log_draft, _("Your draft is saved."), form=form, **about)
    if attempt(request, submit_log, _("Your weekly log is submitted."), form=form, **about):
        return True
    if not form.is_told and not (one.log and one.log.submitted_at) and may_keep_log(request.user, placement):
        # A refusal must not lose what was written, not even when the phone is put away now.
        attempt(request, save_log_draft, **about)
    return False


def _page(request, placement, one, *, form=None, answer_form=None):
    """The week as it stands; `form` and `answer_form` were refused. What can no longer be handed in is shown to be copied."""
    is_handed_in = bool(one.log and one.log.submitted_at)
    unsaved = ""
    if form is not None and is_handed_in:
        messages.error(request, first_error(form))
        unsaved = form["text"].value()
    log = one.log or WeeklyLog(placement=placement, week_on=one.monday)
    answers = is_handed_in and not one.log.answered_at and is_answerer(request.user, _with(one.log, placement), one.rotation)
    context = {
        "placement": placement,
        "week": one,
        "ends_on": one.monday + timedelta(days=6),
        "is_mine": may_keep_log(request.user, placement),
        "is_handed_in": is_handed_in,
        "form": form or LogForm(initial={"text": log.text}, facts=log_shown(log)),
        "unsaved": unsaved,
        "stands": log.text if form is not None and form.is_told else "",
        "length": len(((form and form["text"].value()) or log.text).strip()),
        "least": LEAST,
        "answer_form": (answer_form or LogAnswerForm()) if answers else None,
    }
    return render(request, "talent_pool/interns/log.html", context)


def _with(log, placement):
    log.placement = placement
    return log


@open_to(LOG, post=True)
def draft(request, pk, week):
    """Autosave while writing: answers with the line that says so, or with why it was not saved."""
    placement, one = _visible_week(request, pk, week)
    form = LogForm(request.POST)
    log = form.is_valid() and attempt(request, save_log_draft, form=form, placement=placement, week_on=one.monday, **form.cleaned_data)
    if not log:
        why = {"why": first_error(form), "shown": LogForm(request.POST)["shown"]}
        return render(request, "courses/training/_draft_refused.html", why, status=409)
    context = {"length": len(log.text.strip()), "least": LEAST, "saved_at": timezone.now(), "shown": LogForm(facts=log_shown(log))["shown"]}
    return render(request, "courses/training/_draft_saved.html", context)


@open_to(VIEW, MENTOR)
@form_on(week)
def answer(request, pk, week):
    placement, one = _visible_week(request, pk, week)
    form = LogAnswerForm(request.POST)
    if one.log is None:
        raise Http404
    if form.is_valid() and attempt(request, answer_log, _("Your answer is sent."), form=form, log=one.log, **form.cleaned_data):
        return redirect("weekly_logs")
    return _page(request, placement, one, answer_form=form)


@open_to(LOG, VIEW, MENTOR, COORDINATE)
@require_safe
def record(request, pk):
    """What an internship leaves in writing: the weeks, incidents and visits."""
    return _record(request, visible_placement(request, pk))


def _record(request, placement, form=None):
    reads = reads_logs(request.user, placement)
    context = {
        "placement": placement,
        "weeks": weeks_of(placement) if reads else [],
        "reads": reads,
        **(_evaluations(request.user, placement) if reads else {}),
        "notes": notes_of(placement),
        "note_form": (form or NoteForm(initial={"on": timezone.localdate()})) if may_note(request.user, placement) else None,
    }
    return render(request, "talent_pool/interns/record.html", context)


def _evaluations(user, placement):
    """The evaluations with which of them are this reader's to write, and the decision."""
    evaluated = evaluations_of(placement)
    for one in evaluated:
        one.rotation.placement = placement
    rows = [(one, [kind for kind in KINDS if getattr(one, kind) is None and may_evaluate(user, one.rotation, kind)]) for one in evaluated]
    decides = placement.decided_at is None and placement.stage == Placement.Stage.UNDER_WAY and may_change(user, placement)
    return {"evaluated": rows, "formula": formula_of(evaluated), "may_decide": decides and user.has_perm(MANAGE)}


@open_to(STATIONS, MENTOR)
@form_on(record)
def note(request, pk):
    placement = visible_placement(request, pk)
    form = NoteForm(request.POST)
    if form.is_valid() and attempt(request, record_note, _("The note is on record."), form=form, placement=placement, **form.cleaned_data):
        return redirect("internship_record", pk=pk)
    return _record(request, placement, form=form)
