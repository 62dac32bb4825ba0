"""The intern writes a log a week, the mentor of that week answers it; incidents and visits of the school are noted (C4)."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import gettext as _
from lms.common.days import day
from lms.common.states import Refused, require
from lms.notifications.actions import notify
from talent_pool.interns.models import Note, Placement, WeeklyLog
from talent_pool.interns.permissions import may_keep_log, may_note
from talent_pool.interns.queries.logs import WRITING, answers_of, log_shown, weeks_of, with_weeks
from talent_pool.interns.weeks import number_of

LEAST = 30  # characters of a log


class CannotLog(Refused):
    pass


@transaction.atomic
def save_log_draft(*, placement, week_on, text, by, at, shown=None):
    """Keep what is written so far about a week (its Monday). What was handed in stays as it is."""
    log = _held(placement, week_on, text, by, at, shown)
    log.text = text
    log.save(update_fields=["text"])
    return log


@transaction.atomic
def submit_log(*, placement, week_on, text, by, at, shown=None):
    """Hand the log of a week in, once; whoever was the mentor that week is told."""
    log = _held(placement, week_on, text, by, at, shown)
    text = text.strip()
    if len(text) < LEAST:
        words = {"least": LEAST, "length": len(text)}
        sentence = _("A weekly log has at least %(least)s characters; this one has %(length)s. Your text is kept: go on where you are.")
        raise CannotLog(sentence % words, field="text")
    log.text, log.submitted_at = text, at
    log.save(update_fields=["text", "submitted_at"])
    record_event("interns.log_submitted", target=log.placement, by=by, at=at, after={"week_on": week_on})
    _tell_mentor(log)
    return log


def _held(placement, week_on, text, by, at, shown):
    """The row of the week, made where there is none yet, in the right hands and not behind the times."""
    require(may_keep_log(by, placement), _("A weekly log is written by the intern whose it is."))
    _check_week(placement, week_on, timezone.localdate(at))
    log = _row(placement, week_on)
    if log.submitted_at:
        raise CannotLog(_("This log is already submitted; its text stays as it is."))
    if _lines(log.text) not in _lines(text):  # a text that holds all that stands there takes nothing away
        check_shown(shown, log_shown(log), log.placement)
    return log


def _lines(text):
    return text.replace("\r\n", "\n").strip()


def _row(placement, week_on):
    found = WeeklyLog.objects.select_for_update(of=("self",)).select_related("placement__person", "placement__batch__dealer")
    try:
        with transaction.atomic():
            WeeklyLog.objects.get_or_create(placement=placement, week_on=week_on)
    except IntegrityError:  # the same person wrote on another device at this moment
        pass
    return found.get(placement=placement, week_on=week_on)


def _check_week(placement, week_on, today):
    if placement.stage not in WRITING:
        words = {"stage": placement.get_stage_display()}
        raise CannotLog(_("This internship is “%(stage)s”, so there is no log to write.") % words)
    whole = with_weeks(Placement.objects.filter(pk=placement.pk)).get()
    if week_on not in {one.monday for one in weeks_of(whole, today)}:
        raise CannotLog(
            _("There is no log to write for the week from %(day)s: it is to come, or you were not here.") % {"day": day(week_on)}
        )


def _tell_mentor(log):
    placement = with_weeks(Placement.objects.filter(pk=log.placement_id)).get()
    week = next(one for one in weeks_of(placement, max(log.week_on, timezone.localdate())) if one.monday == log.week_on)
    if week.mentor is not None:
        notify(kind="log_to_answer", people=[week.mentor], key=str(log.pk), url=url_of(log), context=said_of(log))


def url_of(log):
    number = number_of(log.placement.starts_on, log.week_on)
    return reverse("weekly_log", args=[log.placement_id, number])


def said_of(log):
    number = number_of(log.placement.starts_on, log.week_on)
    return {"log": log.pk, "name": log.placement.person.name, "week": number, "week_on": log.week_on.isoformat()}


@transaction.atomic
def answer_log(*, log, answer, by, at):
    """The mentor of that week answers, once; the intern is told."""
    log = WeeklyLog.objects.select_for_update(of=("self",)).select_related("placement__person", "placement__batch__dealer").get(pk=log.pk)
    require(
        bool(answers_of(by, [log])),
        _("A weekly log is answered by the mentor of that week or, where there is none, by a supervisor of the dealer."),
    )
    if not answer.strip():
        raise CannotLog(_("Write an answer: a sentence is enough."), field="answer")
    done = {"answer": answer.strip(), "answered_at": at, "answered_by": by}
    if not WeeklyLog.objects.filter(pk=log.pk, submitted_at__isnull=False, answered_at=None).update(**done):
        raise CannotLog(_("This log is not submitted yet, or somebody has answered it."))
    log.refresh_from_db()
    record_event("interns.log_answered", target=log.placement, by=by, at=at, after={"week_on": log.week_on})
    notify(kind="log_answered", people=[log.placement.person], key=str(log.pk), url=url_of(log), context=said_of(log))
    return log


@transaction.atomic
def record_note(*, placement, kind, on, words, by, at):
    """An incident, or a visit of the school; only ever added to."""
    require(may_note(by, placement), _("Notes are written by HR, supervisors and mentors of the intern, not about oneself."))
    if not words.strip():
        raise CannotLog(_("Write what happened."), field="words")
    if not placement.starts_on <= on <= timezone.localdate(at):
        raise CannotLog(_("The day lies within the internship, and not ahead."), field="on")
    note = Note.objects.create(placement=placement, kind=kind, on=on, words=words.strip(), recorded_at=at, recorded_by=by)
    record_event("interns.noted", target=placement, by=by, at=at, after={"kind": kind, "on": on})
    return note
