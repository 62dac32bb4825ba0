"""Task books on Today: one's own, those that one signs off, and those that somebody has to hand on or close."""

from datetime import datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.registries import due
from lms.people.permissions import dealer_scope
from talent_pool.onboarding.models import TaskBook
from talent_pool.onboarding.permissions import OPEN
from talent_pool.onboarding.queries.books import day_at, needing_attention, standings_of

FEW = 3  # books that are named one by one


@due
def books(employee, at):
    """One statement, and two more for whoever has any."""
    mine = TaskBook.objects.filter(Q(newcomer=employee) | Q(mentor=employee), closed_at=None)
    standings = standings_of(mine.select_related("newcomer", "mentor", "dealer", "checklist"), at)
    found = [_own(one, at) for one in standings.values() if one.book.newcomer_id == employee.pk]
    mentored = [one for one in standings.values() if one.book.mentor_id == employee.pk and one.book.alone_on is None]
    return found + ([_mentored(mentored)] if mentored else [])


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


@due
def to_hand_on(employee, at):
    """For whoever opens task books. One statement."""
    user = employee.user
    if not user or not user.has_perm(OPEN):
        return []
    scope = TaskBook.objects.filter(dealer_scope(user)).exclude(newcomer=employee)
    waiting = list(needing_attention(scope, day_at(employee.dealer, at)).select_related("newcomer", "mentor", "checklist")[:100])
    if len(waiting) > FEW:
        title = ngettext("%(n)d task book to hand on or close", "%(n)d task books to hand on or close", len(waiting))
        url = f"{reverse('task_books')}?state=attention"
        return [_item(title % {"n": len(waiting)}, _("Their mentors or newcomers left, moved or are away."), url, _("Look"))]
    return [_waiting(book) for book in waiting]


def _waiting(book):
    words = {"newcomer": book.newcomer.name, "mentor": book.mentor.name}
    if book.newcomer_gone:
        text = _("%(newcomer)s no longer works here.") % words
        return _item(
            _("Close the task book of %(newcomer)s") % words, text, reverse("task_book_close", args=[book.pk]), _("Close the task book")
        )
    text = _("%(mentor)s is on leave for a week or longer.") if book.mentor_acts else _("%(mentor)s no longer signs off here.")
    title = _("Hand on the task book of %(newcomer)s") % words
    return _item(title, text % words, reverse("task_book_hand_on", args=[book.pk]), _("Hand on"))


def _item(title, text, url, action):
    return {"at": None, "title": title, "text": text, "url": url, "action": action, "now": False}
