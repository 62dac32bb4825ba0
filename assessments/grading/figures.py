"""On Today: the own level and the next step; for whoever leads, the cycles under way and how many stand at which level."""

from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from assessments.grading.models import Cycle
from assessments.grading.queries.guards import stepper_of
from assessments.grading.queries.ladder import step_shown
from assessments.grading.queries.records import called
from lms.common.compiled import compiled
from lms.common.registries import card
from lms.people.choices import Level, Track
from lms.people.permissions import dealer_scope
from lms.people.queries import staff_within


@card("assessments/grading/_my_level.html", order=10)
def my_level(user, employee, at):
    if employee.position.track:
        yield step_shown(employee)


@card("assessments/grading/_cycle_under_way.html", order=20, needs=["people.view_dealer_people", "grading.view_cycles"])
def cycles(user, employee, at):
    """The newest two of the own dealer that are not closed; whoever sees several reads which it is. One query."""
    for cycle in _under_way(dealer=employee.dealer_id):
        yield {"cycle": cycle, "title": called(cycle, user), "steps": stepper_of(cycle)}


@compiled
def _under_way(*, dealer):
    cycles = Cycle.objects.filter(dealer=dealer).exclude(status=Cycle.Status.CLOSED).select_related("dealer")
    return cycles.order_by("-year", "-quarter", "track")[:2]


@card("assessments/grading/_levels.html", order=30, needs=["grading.run_cycles"])
def levels(user, employee, at):
    yield {"headers": [_("Track"), *(str(level.value) for level in Level)], "rows": [_linked(row) for row in level_table(user)]}


def level_table(user):
    """[(track, how many at 0, 1, 2, 3)] for each track, of the staff that `user`'s figures count. One query."""
    rows = {track: [0] * len(Level) for track in Track}
    for track, service, technical, count in _at_levels(scope=dealer_scope(user)):
        rows[Track(track)][service if track == Track.SERVICE else technical] += count
    return [(track, *counts) for track, counts in rows.items()]


@compiled
def _at_levels(*, scope):
    people = staff_within(scope).exclude(position__track="").order_by()
    return people.values_list("position__track", "service_level", "technical_level").annotate(count=Count("pk"))


def _linked(row):
    """Each number opens the people whom it counts."""
    track, *counts = row
    url = f"{reverse('people')}?kind=staff&track={track}&level="
    return [track.label, *(format_html('<a href="{}{}">{}</a>', url, level, count) for level, count in enumerate(counts))]
