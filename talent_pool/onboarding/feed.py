"""Days 30, 60 and 90 of one's own task books, and of those that one signs off, in the coming weeks."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.registries import Entry, feed
from talent_pool.onboarding.models import TaskBook
from talent_pool.onboarding.progress import DAYS


@feed
def marks(employee, start, end):
    """One statement."""
    first = timezone.localdate(start) - timedelta(days=DAYS[-1])
    books = TaskBook.objects.filter(Q(newcomer=employee) | Q(mentor=employee), closed_at=None, alone_on=None, starts_on__gte=first)
    for book in books.select_related("newcomer", "checklist"):
        for days in DAYS:
            at = timezone.make_aware(datetime.combine(book.starts_on + timedelta(days=days), time(23, 59)))
            if start <= at < end:
                yield _entry(book, days, at, is_own=book.newcomer_id == employee.pk)


def _entry(book, days, at, is_own):
    words = {"day": days, "title": book.title, "newcomer": book.newcomer.name}
    title = _("Day %(day)d of your task book: %(title)s") if is_own else _("Day %(day)d of the task book of %(newcomer)s: %(title)s")
    return Entry(f"task_book:{book.pk}:{days}", title % words, at, url=reverse("task_book", args=[book.pk]))
