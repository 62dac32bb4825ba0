from django.db import migrations
from django.db.models.functions import Coalesce, Now

LOCKED = ["locked", "sitting", "marking", "ratified", "published", "closed"]


def keep_bases(apps, schema_editor):
    """Cycles that are locked already rest on what their sittings were set by and their practicals made with."""
    Cycle, CycleBasis = apps.get_model("grading", "Cycle"), apps.get_model("grading", "CycleBasis")
    Candidacy, CycleSitting = apps.get_model("grading", "Candidacy"), apps.get_model("grading", "CycleSitting")
    cycles = Cycle.objects.filter(status__in=LOCKED).values_list("pk", flat=True)
    blueprints = {(row.cycle_id, row.level): row.sitting.blueprint_id for row in CycleSitting.objects.select_related("sitting")}
    rubrics = {}
    made = Candidacy.objects.filter(cycle__in=cycles, practical__isnull=False).order_by("pk")
    for cycle, level, rubric in made.values_list("cycle_id", "to_level", "practical__rubric_id").iterator():
        rubrics.setdefault((cycle, level), rubric)
    CycleBasis.objects.bulk_create(
        [
            CycleBasis(cycle_id=cycle, level=level, blueprint_id=blueprints[cycle, level], rubric_id=rubric)
            for (cycle, level), rubric in rubrics.items()
            if (cycle, level) in blueprints
        ],
        batch_size=500,
    )


def seal_signed(apps, schema_editor):
    """Where results are fixed for signing, or published, the sitting they rest on is sealed."""
    Sitting = apps.get_model("exams", "Sitting")
    signed = Sitting.objects.filter(sealed_at=None, cycle_sitting__cycle__status__in=["ratified", "published", "closed"])
    ids = list(signed.values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        Sitting.objects.filter(pk__in=ids[start : start + 500]).update(sealed_at=Coalesce("results_at", Now()))


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0002_three_judge_and_two_change_a_seat"),
        ("exams", "0004_freeze_used_blueprints"),
        ("practicals", "0004_freeze_used_rubrics"),
    ]
    operations = [
        migrations.RunPython(keep_bases, migrations.RunPython.noop),
        migrations.RunPython(seal_signed, migrations.RunPython.noop),
    ]
