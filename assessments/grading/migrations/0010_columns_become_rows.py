from django.db import migrations
from django.db.models import Q
from django.utils import timezone

CUT = 500
BLUEPRINT = ("name_zh", "name_en", "track", "level", "minutes", "pass_mark")
LINE = ("topic_id", "level", "kind", "count", "points")


def make_components(apps, schema_editor):
    """Every level that a locked cycle examines has had two: theory by its blueprint, practical by its rubric."""
    Candidacy, Component, CycleBasis, CycleSitting = models_of(apps, "Candidacy", "Component", "CycleBasis", "CycleSitting")
    bases = {(basis.cycle_id, basis.level): basis for basis in CycleBasis.objects.select_related("blueprint", "rubric")}
    sittings = {(row.cycle_id, row.level): row.sitting for row in CycleSitting.objects.select_related("sitting__blueprint")}
    made = Candidacy.objects.exclude(practical=None).select_related("practical__rubric", "cycle").order_by("pk")
    rubrics, tracks = {}, {}
    for candidacy in made.iterator():
        key = (candidacy.cycle_id, candidacy.to_level)
        rubrics.setdefault(key, candidacy.practical.rubric)
        tracks[key] = candidacy.cycle.track
    rows = []
    for key in sorted(rubrics | bases | sittings):
        basis, sitting = bases.get(key), sittings.get(key)
        blueprint = basis.blueprint if basis else sitting.blueprint if sitting else _kept(apps, tracks[key], key[1])
        if blueprint:
            mark = (sitting or blueprint).pass_mark
            rows.append(Component(cycle_id=key[0], level=key[1], kind="theory", blueprint=blueprint, pass_mark=mark))
        rubric = basis.rubric if basis else rubrics.get(key)
        if rubric:
            rows.append(Component(cycle_id=key[0], level=key[1], kind="practical", rubric=rubric, pass_mark=rubric.pass_mark))
    Component.objects.bulk_create(rows, batch_size=CUT)


def _kept(apps, track, level):
    """Of a cycle that was locked before anything was kept, and has no sitting yet: a version of the blueprint in use now."""
    Blueprint, BlueprintLine = apps.get_model("exams", "Blueprint"), apps.get_model("exams", "BlueprintLine")
    used = Blueprint.objects.filter(track=track, level=level, in_use=True, frozen_at=None).order_by("-pk").first()
    if used is None:
        return None
    version = Blueprint.objects.create(version_of=used, in_use=False, **{name: getattr(used, name) for name in BLUEPRINT})
    lines = BlueprintLine.objects.filter(blueprint=used).order_by("pk")
    BlueprintLine.objects.bulk_create(BlueprintLine(blueprint=version, **{name: getattr(one, name) for name in LINE}) for one in lines)
    Blueprint.objects.filter(pk=version.pk).update(frozen_at=timezone.now())
    return version


def move_sittings(apps, schema_editor):
    Component, ComponentSitting, CycleSitting = models_of(apps, "Component", "ComponentSitting", "CycleSitting")
    theory = {(row.cycle_id, row.level): row.pk for row in Component.objects.filter(kind="theory")}
    rows = [
        ComponentSitting(pk=row.pk, component_id=theory[row.cycle_id, row.level], sitting_id=row.sitting_id)
        for row in CycleSitting.objects.order_by("pk")
    ]
    ComponentSitting.objects.bulk_create(rows, batch_size=CUT)


def make_results(apps, schema_editor):
    """What stood in the columns of a candidacy; and a row to come for who may sit and has nothing yet."""
    Candidacy, Component, ComponentResult, ComponentSitting = models_of(
        apps, "Candidacy", "Component", "ComponentResult", "ComponentSitting"
    )
    components = {(row.cycle_id, row.level, row.kind): row.pk for row in Component.objects.all()}
    sittings = dict(ComponentSitting.objects.values_list("component", "pk"))
    sat = Q(paper__isnull=False) | Q(practical__isnull=False)
    rows = []
    for candidacy in Candidacy.objects.filter(Q(is_eligible=True) | Q(waived_at__isnull=False) | sat).order_by("pk").iterator():
        theory = components.get((candidacy.cycle_id, candidacy.to_level, "theory"))
        practical = components.get((candidacy.cycle_id, candidacy.to_level, "practical"))
        if theory:
            values = {"sitting_id": sittings.get(theory), "paper_id": candidacy.paper_id, "score": candidacy.theory_score}
            rows.append(ComponentResult(candidacy=candidacy, component_id=theory, **values))
        if practical:
            values = {"practical_id": candidacy.practical_id, "score": candidacy.practical_score}
            rows.append(ComponentResult(candidacy=candidacy, component_id=practical, **values))
        if len(rows) >= CUT:
            ComponentResult.objects.bulk_create(rows)
            rows = []
    ComponentResult.objects.bulk_create(rows)


def set_sequence(apps, schema_editor):
    """The rows of sittings came with the numbers that they had."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "SELECT setval(pg_get_serial_sequence('grading_componentsitting', 'id'), max(id)) FROM grading_componentsitting HAVING max(id) > 0"
        )


def models_of(apps, *names):
    return [apps.get_model("grading", name) for name in names]


class Migration(migrations.Migration):
    dependencies = [("grading", "0009_components_and_their_results")]
    operations = [
        migrations.RunPython(step, migrations.RunPython.noop) for step in (make_components, move_sittings, make_results, set_sequence)
    ]
