"""What a cycle examines by, fixed at the lock: the components of each level, and a result to come for everyone in each of them."""

from assessments.grading.kinds.registry import kind_of, kinds
from assessments.grading.models import Component, ComponentResult
from lms.common.versions import freeze


def begin_components(*, cycle, people, at):
    """For the levels that `people` (candidacies) aim at: the components as authors have them now, whatever they make of them later."""
    markers = list(cycle.panel.values_list("examiner", flat=True))
    results = []
    for level in sorted({candidacy.to_level for candidacy in people}):
        of_level = [candidacy for candidacy in people if candidacy.to_level == level]
        for component in _fix(cycle, level, at):
            begun = kind_of(component).begin(component, [candidacy.employee_id for candidacy in of_level], markers)
            results += [
                ComponentResult(candidacy=candidacy, component=component, **begun.get(candidacy.employee_id, {})) for candidacy in of_level
            ]
    ComponentResult.objects.bulk_create(results, batch_size=500)


def _fix(cycle, level, at):
    """One component of every kind that the level has means for; the lock is refused where a needed one has none."""
    for kind in kinds(cycle.track):
        means = kind.means(cycle.track, level)
        if kind.is_usable(means):
            version = freeze(means, at=at)
            values = {kind.by: version, "pass_mark": version.pass_mark, "weight": kind.weight}
            yield Component.objects.create(cycle=cycle, level=level, kind=kind.name, **values)
