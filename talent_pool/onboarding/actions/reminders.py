"""What the sweep tells of task books. Each day 30, 60 or 90 is told once, however often this runs."""

from datetime import timedelta

from lms.notifications.actions import Telling, notify_all
from talent_pool.onboarding.actions.books import url_of, words_of
from talent_pool.onboarding.models import TaskBook
from talent_pool.onboarding.progress import DAYS
from talent_pool.onboarding.queries.books import day_at, standings_of

# A mark that a failure left out is made up for, but not for what is long past.
BACK = timedelta(days=14)
MANY = 500


def tell_of_books_behind(*, at):
    """Tell the mentor and whoever opened the book, the day after a mark, that tasks planned by then are not done alone."""
    told, last = 0, 0
    books = TaskBook.objects.filter(closed_at=None, alone_on=None, starts_on__gte=(at - BACK).date() - timedelta(days=DAYS[-1] + 1))
    books = books.select_related("newcomer", "mentor", "dealer", "checklist", "opened_by__employee").order_by("pk")
    while batch := list(books.filter(pk__gt=last)[:MANY]):
        standings, last = standings_of(batch, at), batch[-1].pk
        told += notify_all([telling for one in standings.values() for telling in _of(one, at)])
    return told


def _of(standing, at):
    book, today = standing.book, day_at(standing.book.dealer, at)
    for mark in standing.marks:
        if mark.is_behind and today - mark.on <= BACK:
            opener = getattr(book.opened_by, "employee", None)
            people = {person.pk: person for person in (book.mentor, opener) if person and person != book.newcomer}
            yield Telling(
                kind="task_book_behind",
                people=list(people.values()),
                key=f"{book.pk}:{mark.day}",
                context=words_of(book) | {"day": mark.day, "late": mark.late, "planned": mark.planned},
                url=url_of(book),
            )
