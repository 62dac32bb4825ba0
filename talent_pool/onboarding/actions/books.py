"""A task book is opened, handed on to another mentor, and closed."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from courses.observations.models import Checklist
from courses.observations.queries import checklists_for
from lms.audit.actions import record_event
from lms.common.bilingual import gettext as _
from lms.common.bilingual import names_of
from lms.common.days import day
from lms.common.states import Refused, WrongState, require
from lms.common.versions import freeze
from lms.notifications.actions import notify
from lms.people.models import Employee
from talent_pool.onboarding.models import HandOver, Mentor, TaskBook
from talent_pool.onboarding.permissions import may_open
from talent_pool.onboarding.queries.mentors import USUAL_TIME, why_not

AHEAD = timedelta(days=366)
LEARNERS = {Employee.Kind.STAFF, Employee.Kind.INTERN, Employee.Kind.STUDENT}


class CannotOpen(Refused):
    pass


class CannotHandOn(Refused):
    pass


@transaction.atomic
def open_task_book(*, newcomer, checklist, mentor, starts_on, station="", by, at):
    """The newcomer begins the tasks of a checklist with a mentor (an appointment); the book keeps the checklist as it stands now."""
    locked = Employee.objects.select_for_update(of=("self",)).select_related("dealer", "position", "user")
    newcomer = locked.get(pk=newcomer.pk)
    require(may_open(by, newcomer, newcomer.dealer), not_yours())
    _check_newcomer(newcomer, starts_on, at)
    _check_checklist(checklist, newcomer, station)
    _check_mentor(mentor, newcomer, starts_on)
    book = TaskBook.objects.create(
        newcomer=newcomer,
        dealer=newcomer.dealer,
        checklist=freeze(checklist, at=at),
        mentor=mentor.employee,
        station=station.strip(),
        starts_on=starts_on,
        opened_at=at,
        opened_by=by,
    )
    after = {"mentor": mentor.employee_id, "starts_on": starts_on, "station": book.station}
    record_event("task_book.opened", target=book, by=by, at=at, after=after)
    tell("task_book_opened", book, [newcomer, mentor.employee], key=str(book.pk))
    return book


@transaction.atomic
def hand_on(*, book, mentor, reason, by, at):
    """Another mentor signs from now on; what was signed stays, and the reason is kept."""
    book = held(book)
    require(may_open(by, book.newcomer, book.dealer), not_yours())
    check_open(book)
    if not reason.strip():
        raise CannotHandOn(_("Say why the task book is handed on; it stays on record."), field="reason")
    if mentor.employee_id == book.mentor_id:
        raise CannotHandOn(_("%(mentor)s signs this task book already.") % {"mentor": mentor.employee.name}, field="mentor")
    _check_mentor(mentor, book.newcomer, max(book.starts_on, timezone.localdate(at)), dealer=book.dealer)
    before = book.mentor
    book.mentor = mentor.employee
    book.save(update_fields=["mentor"])
    row = HandOver.objects.create(book=book, from_mentor=before, to_mentor=book.mentor, reason=reason.strip(), handed_at=at, handed_by=by)
    values = {"before": {"mentor": before.pk}, "after": {"mentor": book.mentor_id, "reason": row.reason}}
    record_event("task_book.handed_on", target=book, by=by, at=at, **values)
    tell("task_book_handed_on", book, [book.newcomer, book.mentor], key=f"{book.pk}:{row.pk}")
    return book


@transaction.atomic
def close_task_book(*, book, reason="", by, at):
    """Nothing is signed in it any more. While some tasks are not done alone, closing it takes a reason."""
    book = held(book)
    require(may_open(by, book.newcomer, book.dealer), not_yours())
    check_open(book)
    if book.alone_on is None and not reason.strip():
        raise Refused(_("Some tasks are not done alone yet. Say why the task book is closed all the same."), field="reason")
    book.closed_at, book.closed_by, book.closed_reason = at, by, reason.strip()
    book.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    record_event("task_book.closed", target=book, by=by, at=at, after={"reason": book.closed_reason})
    return book


def held(book):
    """The row, locked, with who and what belongs to it."""
    shown = ("newcomer__dealer", "newcomer__user", "mentor__user", "dealer", "checklist")
    return TaskBook.objects.select_for_update(of=("self",)).select_related(*shown).get(pk=book.pk)


def check_open(book):
    if not book.is_open:
        raise WrongState(_("This task book was closed on %(day)s; nothing was changed.") % {"day": day(book.closed_at)})


def not_yours():
    return _("Task books are opened, handed on and closed by HR or a supervisor of the dealer, and never one's own.")


def tell(kind, book, people, key):
    """A notice about a book."""
    notify(kind=kind, people=people, key=key, context=words_of(book), url=url_of(book))


def words_of(book):
    """What the templates of notices say of a book, in plain values."""
    checklist = names_of(book.checklist)
    title = {language: f"{name} · {book.station}" if book.station else name for language, name in checklist.items()}
    words = {"book": book.pk, "newcomer": book.newcomer.name, "mentor": book.mentor.name, "title": title}
    return words | {"starts_on": book.starts_on.isoformat()}


def url_of(book):
    return reverse("task_book", args=[book.pk])


def _check_newcomer(newcomer, starts_on, at):
    if not newcomer.is_here:
        raise CannotOpen(_("%(employee)s has left; a task book is for people who are here.") % {"employee": newcomer.name})
    if newcomer.kind not in LEARNERS:
        raise CannotOpen(_("Task books are for staff, interns and students; %(employee)s is none.") % {"employee": newcomer.name})
    if starts_on < newcomer.hired_on:
        words = {"employee": newcomer.name, "day": day(newcomer.hired_on)}
        raise CannotOpen(_("%(employee)s begins on %(day)s; the task book can't begin before.") % words, field="starts_on")
    if starts_on > timezone.localdate(at) + AHEAD:
        raise CannotOpen(_("This day is more than a year ahead. Look at the year."), field="starts_on")


def _check_checklist(checklist, newcomer, station):
    if not checklists_for(newcomer.dealer, Checklist.Scale.STEPS).filter(pk=checklist.pk).exists():
        raise CannotOpen(_("This checklist is not one of tasks that is in use at this dealer. Choose another."), field="checklist")
    same = newcomer.task_books.filter(closed_at=None, checklist__version_of=checklist.pk, station=station.strip())
    if same.exists():
        words = {"employee": newcomer.name, "name": checklist.name}
        raise CannotOpen(_("%(employee)s has an open task book of “%(name)s” already. Close that one first.") % words, field="checklist")


def _check_mentor(mentor, newcomer, first, dealer=None):
    if mentor.employee_id == newcomer.pk:
        raise CannotOpen(_("Nobody mentors themselves. Choose somebody else."), field="mentor")
    if mentor.dealer_id != (dealer or newcomer.dealer).pk:
        raise CannotOpen(_("A mentor is of the same dealer as the task book. Choose one of that dealer."), field="mentor")
    Mentor.objects.select_for_update().get(pk=mentor.pk)  # of two who take the last place with the mentor one waits here
    if why := why_not(mentor, first, first + USUAL_TIME):
        raise CannotOpen(why, field="mentor")
