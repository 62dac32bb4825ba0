from django.db import migrations, models

from lms.common import triggers


def let_the_old_triggers_go(apps, schema_editor):
    triggers.forget("pay_paychange", using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("grading", "0006_level_decisions_hold"), ("pay", "0002_exports_found_again")]
    operations = [
        migrations.RunPython(let_the_old_triggers_go, migrations.RunPython.noop),
        migrations.RenameField("paychange", "award", "decision"),
        migrations.AddField(
            "paychange",
            "cause",
            models.CharField(
                choices=[
                    ("promotion", "Promotion"),
                    ("appeal", "Appeal"),
                    ("move", "Change of post"),
                    ("probation", "End of probation"),
                    ("correction", "Correction"),
                    ("reversal", "Reversal"),
                ],
                default="promotion",  # there was no other
                max_length=10,
                verbose_name="cause",
            ),
            preserve_default=False,
        ),
    ]
