from django.utils.translation import gettext_lazy as _

from lms.notifications.kinds import Urgency, about, notice_kind
from talent_pool.onboarding.models import TaskBook


def closed(books):
    """Those of some task books that are closed: nothing is asked for any more."""
    return TaskBook.objects.filter(pk__in=books).exclude(closed_at=None).values_list("pk", flat=True)


notice_kind("task_book_opened", title=_("A task book was opened"), done_when=about("book", closed))
notice_kind("task_book_handed_on", title=_("A task book has another mentor"), urgency=Urgency.TODAY, done_when=about("book", closed))
notice_kind("task_book_behind", title=_("A task book is behind its plan"), urgency=Urgency.TODAY, done_when=about("book", closed))
