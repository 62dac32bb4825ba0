"""The internships of a person, on their page: for whoever may open them."""

from lms.common.registries import NARROW, PERSON, panel
from lms.people.permissions import is_self
from talent_pool.interns.models import Placement
from talent_pool.interns.permissions import VIEW, placements_scope
from talent_pool.interns.queries.placements import counts
from talent_pool.schools.permissions import came_from_school


def reads(user, person):
    return (user.has_perm(VIEW) or is_self(user, person)) and came_from_school(person)


@panel("talent_pool/interns/_person.html", order=30, sees=reads, on={PERSON: NARROW})
def internships(person, user, at):
    """One statement. Also of whoever has become staff since."""
    found = Placement.objects.filter(placements_scope(user), counts(), person=person).select_related("batch__dealer", "batch__school")
    rows = list(found.order_by("-starts_on", "-pk"))
    return {"rows": rows} if rows else None
