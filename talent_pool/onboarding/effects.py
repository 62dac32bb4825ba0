"""Task books that a leave, a move or a departure leaves without a mentor or without a newcomer."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.common.registries import Effect, effect
from talent_pool.onboarding.queries.books import task_books_visible_to


@effect
def task_books(change, user):
    """One statement."""
    if not (change.is_leave or change.leaves_dealer):
        return
    books = task_books_visible_to(user).filter(Q(mentor=change.person) | Q(newcomer=change.person), closed_at=None)
    for book in books.order_by("starts_on", "pk"):
        if book.mentor_id == change.person.pk:
            yield _of_mentor(change, book)
        elif not change.is_leave:
            yield _of_newcomer(book)


def _of_mentor(change, book):
    title = _("Mentors %(newcomer)s: %(title)s") % {"newcomer": book.newcomer.name, "title": book.title}
    if change.is_leave:
        return Effect(title, _("Nobody signs off meanwhile; hand the task book on if it takes long."), _url("task_book_hand_on", book))
    return Effect(title, _("Hand the task book on to another mentor."), _url("task_book_hand_on", book))


def _of_newcomer(book):
    title = _("Has an open task book: %(title)s") % {"title": book.title}
    return Effect(title, _("A supervisor closes it with the reason."), _url("task_book_close", book))


def _url(name, book):
    return reverse(name, args=[book.pk])
