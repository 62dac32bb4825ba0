"""What every change of a placement needs: the held row, and the rules asked again."""

from talent_pool.interns.models import Placement
from talent_pool.labour.actions.findings import recheck


def locked(placement):
    """The placement as it stands now, held until the transaction ends."""
    found = Placement.objects.select_for_update(of=("self",))
    return found.select_related("person__user", "person__student", "batch__dealer", "batch__agreement", "batch__school").get(
        pk=placement.pk
    )


def recheck_placements(placements):
    """Have the rule check look again, soon after this: at the people, and at the dealers whose share of interns may be another one."""
    rows = list(placements)
    if rows:
        recheck(dealers={one.batch.dealer_id for one in rows}, people={one.person_id for one in rows})
