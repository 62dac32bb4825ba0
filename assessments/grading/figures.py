"""On Today: the own level and the next step; for whoever leads, the cycles under way and how many stand at which level."""

from django.db.models import Count
from django.utils.translation import gettext as _

from assessments.grading.models import Cycle
from assessments.grading.queries.guards import stepper_of
from assessments.grading.queries.ladder import newest_candidacy, own_checks, step_of
from lms.common.registries import card
from lms.people.choices import Level, Track
from lms.people.queries import present_staff


@card("assessments/grading/_my_level.html", order=10)
def my_level(user, employee, at):
    if employee.position.track:
        candidacy = newest_candidacy(employee, employee.position.track)
        yield step_of(employee) | {"checks": own_checks(candidacy), "checked_at": candidacy and candidacy.computed_at}


@card("assessments/grading/_cycle_under_way.html", order=20, needs=["people.view_dealer_people", "grading.view_cycles"])
def cycles(user, employee, at):
    """The newest two that are not closed. One query."""
    under_way = Cycle.objects.filter(dealer=employee.dealer_id).exclude(status=Cycle.Status.CLOSED)
    for cycle in under_way.order_by("-year", "-quarter", "track")[:2]:
        yield {"cycle": cycle, "steps": stepper_of(cycle)}


@card("assessments/grading/_levels.html", order=30, needs=["grading.run_cycles"])
def levels(user, employee, at):
    yield {"headers": [_("Track"), *(str(level.value) for level in Level)], "rows": level_table(employee.dealer_id)}


def level_table(dealer):
    """[track, how many at 0, 1, 2, 3] for each track. One query."""
    rows = {track: [0] * len(Level) for track in Track}
    people = present_staff(dealer).exclude(position__track="").select_related(None).order_by()
    counts = people.values_list("position__track", "service_level", "technical_level").annotate(count=Count("pk"))
    for track, service, technical, count in counts:
        rows[Track(track)][service if track == Track.SERVICE else technical] += count
    return [[track.label, *counts] for track, counts in rows.items()]
