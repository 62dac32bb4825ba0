"""What every change of a placement needs: the held row, and the rules asked again."""

from lms.common.bilingual import gettext as _
from lms.common.states import Refused
from lms.people.actions.learners import go_back_to_school
from lms.people.models import Employee
from talent_pool.interns.models import HERE, Placement
from talent_pool.labour.actions.findings import recheck


def locked(placement):
    """The placement as it stands now, held until the transaction ends."""
    found = Placement.objects.select_for_update(of=("self",))
    return found.select_related("person__user", "person__student", "batch__dealer", "batch__agreement", "batch__school").get(
        pk=placement.pk
    )


def hold_person(pk):
    """Held until the transaction ends: two officers could place the same student on the same days at this moment."""
    list(Employee.objects.select_for_update(no_key=True).filter(pk=pk))


def recheck_placements(placements):
    """Have the rule check look again, soon after this: at the people, and at the dealers whose share of interns may be another one."""
    rows = list(placements)
    if rows:
        recheck(dealers={one.batch.dealer_id for one in rows}, people={one.person_id for one in rows})


def let_go(*, placement, reason, by, at, unless=HERE):
    """The intern is a student again, unless another placement of theirs goes on. Also for whoever did not pass, or declined an offer.
    Whoever has left stays as they are on record: nothing is asked of somebody who is gone."""
    person = placement.person
    person.refresh_from_db(fields=["status"])
    others = Placement.objects.filter(person=placement.person_id, stage__in=unless).exclude(pk=placement.pk)
    if person.is_here and not others.exists():
        go_back_to_school(employee=person, reason=reason or placement.batch.name, by=by, at=at)


def refuse_while_intern(placement, stages=HERE):
    """Nobody is an intern in one place and begins in another."""
    there = Placement.objects.filter(person=placement.person_id, stage__in=stages).exclude(pk=placement.pk)
    other = there.select_related("batch__dealer").first()
    if other is not None:
        words = {"name": placement.person.name, "batch": other.batch.name, "dealer": other.batch.dealer.name}
        raise Refused(_("%(name)s is an intern in %(batch)s at %(dealer)s. End that internship first.") % words)
