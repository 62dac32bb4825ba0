"""Task books on a person's page and on *My growth*."""

from lms.common.registries import GROWTH, NARROW, PERSON, WIDE, panel
from lms.people.permissions import is_self
from talent_pool.onboarding.permissions import VIEW, may_open
from talent_pool.onboarding.queries.books import standings_of, task_books_visible_to

MOST = 6


def sees_books(user, person):
    return is_self(user, person) or user.has_perm(VIEW)


@panel("talent_pool/onboarding/_panel.html", order=15, sees=sees_books, on={PERSON: NARROW, GROWTH: WIDE})
def books(person, user, at):
    """One statement; two more where a book is open."""
    found = list(task_books_visible_to(user).filter(newcomer=person))
    opens = person.is_here and may_open(user, person, person.dealer)
    if not found and not opens:
        return None
    return {
        "standings": list(standings_of([book for book in found if book.is_open], at).values()) if found else [],
        "closed": [book for book in found if not book.is_open][:MOST],
        "person": person,
        "is_self": is_self(user, person),
        "may_open": opens,
    }
