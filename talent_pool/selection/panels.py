"""The offer and the probation of whoever came by an internship, on their page."""

from lms.common.registries import NARROW, PERSON, panel
from lms.people.permissions import is_self
from talent_pool.schools.permissions import came_from_school
from talent_pool.selection.permissions import VIEW
from talent_pool.selection.queries.offers import offers_listed


def sees(user, person):
    return user.has_perm(VIEW) and not is_self(user, person) and came_from_school(person)


@panel("talent_pool/selection/_panel.html", order=65, sees=sees, on={PERSON: NARROW})
def offer_of(person, user, at):
    """One statement."""
    latest = offers_listed(user).filter(placement__person=person).first()
    return {"offer": latest} if latest else None
