from django.db import migrations, models

from lms.common import triggers


def tell_them_apart(apps, schema_editor):
    """Who was never admitted did not miss the exam either: until now both were called the same."""
    Candidacy = apps.get_model("grading", "Candidacy")
    alias = schema_editor.connection.alias
    with triggers.lifted("grading_candidacy", using=alias):  # the outcomes of published cycles are fixed
        Candidacy.objects.using(alias).filter(outcome="missed", is_eligible=False, waived_at=None).update(outcome="excluded")


def call_them_the_same(apps, schema_editor):
    Candidacy = apps.get_model("grading", "Candidacy")
    alias = schema_editor.connection.alias
    with triggers.lifted("grading_candidacy", using=alias):
        Candidacy.objects.using(alias).filter(outcome__in=["excluded", "left"]).update(outcome="missed")


class Migration(migrations.Migration):
    dependencies = [("grading", "0011_the_columns_go")]
    operations = [
        migrations.AlterField(
            model_name="candidacy",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("passed", "Passed"),
                    ("failed", "Not passed"),
                    ("missed", "Did not sit"),
                    ("excluded", "Not admitted"),
                    ("left", "Left before publication"),
                ],
                default="pending",
                max_length=8,
                verbose_name="outcome",
            ),
        ),
        migrations.RunPython(tell_them_apart, call_them_the_same),
    ]
