from django.core.management.color import no_style
from django.db import migrations


def carry_rows(apps, schema_editor):
    """Each keeps its number: the audit log and the studio's history know it by that."""
    Old, New = apps.get_model("training", "Holiday"), apps.get_model("people", "Holiday")
    rows = [New(pk=row.pk, on=row.on, name=row.name, is_workday=row.is_workday) for row in Old.objects.all()]
    New.objects.bulk_create(rows)
    with schema_editor.connection.cursor() as cursor:
        for sql in schema_editor.connection.ops.sequence_reset_sql(no_style(), [New]):
            cursor.execute(sql)


def carry_kind(apps, schema_editor):
    """Permissions, the studio's history and its index of references hang on the kind of record, so they come along."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    if not ContentType.objects.filter(app_label="people", model="holiday").exists():
        ContentType.objects.filter(app_label="training", model="holiday").update(app_label="people")


class Migration(migrations.Migration):

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("people", "0003_holidays"),
        ("training", "0002_sessions_arranged_by_hand"),
    ]

    operations = [
        migrations.RunPython(carry_rows),
        migrations.RunPython(carry_kind),
        migrations.DeleteModel("Holiday"),
    ]
