from django.db import migrations, models

from lms.common import triggers


def let_the_old_triggers_go(apps, schema_editor):
    triggers.forget("practicals_sheet", using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("practicals", "0004_freeze_used_rubrics")]
    operations = [
        migrations.RunPython(let_the_old_triggers_go, migrations.RunPython.noop),
        migrations.RemoveConstraint("sheet", "practicals_sheet_score_is_0_to_100"),
        migrations.RenameModel("Sheet", "ScoreSheet"),
        migrations.AddConstraint(
            "scoresheet",
            models.CheckConstraint(
                condition=models.Q(("score__gte", 0), ("score__lte", 100)), name="practicals_scoresheet_score_is_0_to_100"
            ),
        ),
    ]
