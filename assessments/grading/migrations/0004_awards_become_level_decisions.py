import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lms.common import triggers

OLD_RULES = ["is_one_step", "is_one_a_cycle", "is_one_a_quarter", "level_is_reached_once"]


def let_the_old_triggers_go(apps, schema_editor):
    triggers.forget("grading_award", using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("certification", "0001_first_models"),
        ("grading", "0003_keep_what_cycles_rest_on"),
        ("pay", "0001_first_models"),  # whose key follows the new name
        ("people", "0001_first_models"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RunPython(let_the_old_triggers_go, migrations.RunPython.noop),
        *(migrations.RemoveConstraint("award", f"grading_award_{rule}") for rule in OLD_RULES),
        migrations.RenameModel("Award", "LevelDecision"),
        migrations.AlterModelOptions(
            "leveldecision",
            options={"ordering": ["decided_at", "pk"], "verbose_name": "level decision", "verbose_name_plural": "level decisions"},
        ),
        migrations.RenameField("leveldecision", "awarded_at", "decided_at"),
        migrations.RenameField("leveldecision", "awarded_by", "decided_by"),
        migrations.AddField(
            "leveldecision",
            "kind",
            models.CharField(
                choices=[("award", "Award"), ("renewal", "Renewal"), ("lapse", "Lapse"), ("lowering", "Lowering"), ("correction", "Correction")],
                default="award",
                max_length=10,
                verbose_name="kind",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "leveldecision", "number", models.PositiveSmallIntegerField(null=True, verbose_name="place in the person's list of the track, from 1")
        ),
        migrations.AddField("leveldecision", "effective_on", models.DateField(null=True, verbose_name="effective on")),
    ]
