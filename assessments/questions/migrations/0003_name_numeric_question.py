from django.db import migrations

ACTIONS = ["add", "change", "delete", "view"]


def rename_permissions(apps, schema_editor):
    """Those who may edit them may go on; a permission is known by the model's name."""
    Permission = apps.get_model("auth", "Permission")
    for action in ACTIONS:
        old = Permission.objects.filter(content_type__app_label="questions", codename=f"{action}_number")
        old.update(codename=f"{action}_numericquestion", name=f"Can {action} numeric answer")


class Migration(migrations.Migration):

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("questions", "0002_say_numeric_answer"),
    ]

    operations = [
        migrations.RenameModel("Number", "NumericQuestion"),
        migrations.RunPython(rename_permissions, migrations.RunPython.noop),
    ]
