"""Task books on Today: one's own, those that one signs off, and for supervisors those to hand on or close.

HR has the same on the page of task books and before a leave, a move or a departure: its home asks for much already.
"""

from datetime import datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.registries import due
from lms.people.permissions import dealer_scope
from talent_pool.onboarding.models import TaskBook
from talent_pool.onboarding.permissions import NAME, OPEN, SIGN
from talent_pool.onboarding.queries.books import NEEDS_SOMEBODY, day_at, standings_of, with_attention

FEW, MOST = 3, 100  # books that are named one by one, and that are looked at


@due
def books(employee, at):
    """One statement, and two more for whoever learns or mentors; none for HR who mentors nobody."""
    if _is_hr(employee.user) and not employee.user.has_perm(SIGN):
        return []
    found = list(_books_about(employee, day_at(employee.dealer, at))[:MOST])
    standings = standings_of([book for book in found if employee.pk in (book.newcomer_id, book.mentor_id)], at).values()
    mentored = [one for one in standings if one.book.mentor_id == employee.pk and one.book.alone_on is None]
    return [
        *(_own(one, at) for one in standings if one.book.newcomer_id == employee.pk),
        *([_mentored(mentored)] if mentored else []),
        *_to_see_to(employee, found),
    ]


def _is_hr(user):
    return user is not None and user.has_perm(NAME)


def _leads(user):
    return user is not None and user.has_perm(OPEN) and not user.has_perm(NAME)


def _books_about(employee, today):
    """Open books that the person learns or signs by; for supervisors also those of the dealer that need somebody."""
    mine = Q(newcomer=employee) | Q(mentor=employee)
    rows = with_attention(TaskBook.objects.filter(closed_at=None), today)
    rows = rows.filter(mine | NEEDS_SOMEBODY & dealer_scope(employee.user) if _leads(employee.user) else mine)
    return rows.select_related("newcomer", "mentor", "dealer", "checklist").order_by("starts_on", "pk")


def _own(standing, at):
    book, mark = standing.book, standing.next_mark
    return {
        "at": _end_of(mark.on) if mark and book.starts_on <= day_at(book.dealer, at) and not book.alone_on else None,
        "title": _("My task book: %(title)s") % {"title": book.title},
        "text": _("%(alone)d of %(of)d tasks done alone. Your mentor: %(mentor)s")
        % {"alone": standing.alone, "of": standing.of, "mentor": book.mentor.name},
        "url": reverse("task_book", args=[book.pk]),
        "action": _("Look"),
        "now": False,
    }


def _end_of(day):
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


def _mentored(standings):
    late = sum(standing.behind is not None for standing in standings)
    title = ngettext("%(n)d person learns with you", "%(n)d people learn with you", len(standings)) % {"n": len(standings)}
    text = _("Sign off what they watched, did with help or did alone.")
    if late:
        text = ngettext("%(n)d task book is behind its plan.", "%(n)d task books are behind their plan.", late) % {"n": late}
    url = reverse("task_book", args=[standings[0].book.pk]) if len(standings) == 1 else reverse("mentees")
    return {"at": None, "title": title, "text": text, "url": url, "action": _("Sign off"), "now": False}


def _to_see_to(employee, found):
    """For supervisors: those to hand on or close, but for the own one."""
    if not _leads(employee.user):
        return []
    needs = [book for book in found if book.needs_somebody and book.newcomer_id != employee.pk]
    if len(needs) > FEW:
        title = ngettext("%(n)d task book to hand on or close", "%(n)d task books to hand on or close", len(needs))
        url = f"{reverse('task_books')}?state=attention"
        return [_item(title % {"n": len(needs)}, _("Their mentors or newcomers left, moved or are away."), url, _("Look"))]
    return [_waiting(book) for book in needs]


def _waiting(book):
    words = {"newcomer": book.newcomer.name, "mentor": book.mentor.name}
    if book.newcomer_gone:
        title, text = _("Close the task book of %(newcomer)s"), _("%(newcomer)s no longer works here.")
        return _item(title % words, text % words, reverse("task_book_close", args=[book.pk]), _("Close the task book"))
    text = _("%(mentor)s is on leave for a week or longer.") if book.mentor_acts else _("%(mentor)s no longer signs off here.")
    title = _("Hand on the task book of %(newcomer)s")
    return _item(title % words, text % words, reverse("task_book_hand_on", args=[book.pk]), _("Hand on"))


def _item(title, text, url, action):
    return {"at": None, "title": title, "text": text, "url": url, "action": action, "now": False}
