"""The mentor signs off how far the newcomer has come with a task; what was signed by mistake is taken back, not edited."""

from django.db import transaction

from courses.observations.actions import correct_observation, record_observation
from courses.observations.choices import Step
from courses.observations.models import ChecklistItem, Observation
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import gettext as _
from lms.common.days import day
from lms.common.shown import fact
from lms.common.states import Refused, require
from talent_pool.onboarding.actions.books import check_open, held
from talent_pool.onboarding.permissions import may_correct, may_sign_off
from talent_pool.onboarding.progress import all_alone_on
from talent_pool.onboarding.queries.books import KIND, day_at, occasion_of, standing_of


class CannotSign(Refused):
    pass


@transaction.atomic
def sign_off(*, book, item, step, note="", by, at, shown=None):
    """The mentor saw the newcomer watch, do with help, or do alone one task of the book."""
    book = held(book)
    require(may_sign_off(by, book), _("A task is signed off by the mentor of the task book, while named as one, and by nobody else."))
    check_open(book)
    _check_day(book, at)
    task = _task(book, item, at)
    check_shown(shown, signs_shown(item, task), book)
    if task.is_alone:
        raise CannotSign(_("“%(task)s” is done alone already: nothing is left to sign off.") % {"task": item.name})
    row = record_observation(
        subject=book.newcomer, checklist=book.checklist, observer=by, occasion=occasion_of(book), values={item.pk: step},
        note=note, by=by, at=at,
    )  # fmt: skip
    record_event("task_book.signed", target=book, by=by, at=at, after={"item": item.pk, "step": step, "note": row.note})
    _remember_alone(book, at)
    return row


@transaction.atomic
def correct_sign_off(*, book, observation, reason, by, at):
    """Take a sign-off of the book back, with a reason; it stays on record and counts no more."""
    book = held(book)
    require(may_correct(by, book), _("A sign-off is taken back by the mentor of the task book, a supervisor or HR, and never one's own."))
    check_open(book)
    observation = Observation.objects.get(pk=observation.pk, occasion=KIND, reference=str(book.pk))
    row = observation.items.get()
    correction = correct_observation(observation=observation, reason=reason, by=by, at=at)
    values = {"before": {"item": row.item_id, "step": row.value}, "after": {"reason": correction.note}}
    record_event("task_book.corrected", target=book, by=by, at=at, **values)
    _remember_alone(book, at)
    return correction


def signs_shown(item, task):
    """What a page shows of a task, for `lms.common.shown`: whoever signs by a page behind the times, or twice, is told."""
    return {f"signs_{item.pk}": fact(item.name, len(task.signs), _words(task))}


def _words(task):
    counts = task.counts
    return _("%(watched)d watched, %(helped)d helped, %(alone)d alone") % {
        "watched": counts[Step.WATCHED], "helped": counts[Step.HELPED], "alone": counts[Step.ALONE],
    }  # fmt: skip


def _task(book, item, at):
    found = {row.pk: task for row, task in standing_of(book, at).rows}
    if item.pk not in found:
        raise CannotSign(_("This task is not in the task book. Load the page again."))
    return found[item.pk]


def _check_day(book, at):
    if day_at(book.dealer, at) < book.starts_on:
        raise CannotSign(_("This task book begins on %(day)s; nothing can be signed off before.") % {"day": day(book.starts_on)})
    if not book.newcomer.is_here:
        raise CannotSign(_("%(employee)s has left; nothing can be signed off any more.") % {"employee": book.newcomer.name})


def _remember_alone(book, at):
    """`alone_on` is what the sign-offs say."""
    alone_on = all_alone_on(standing_of(book, at).tasks)
    if alone_on != book.alone_on:
        book.alone_on = alone_on
        book.save(update_fields=["alone_on"])


def item_of(book, pk):
    """The task of the book with this number, or None."""
    return ChecklistItem.objects.filter(checklist=book.checklist_id, pk=pk).first()
