from django.db import migrations


def say_who_is_outside(apps, schema_editor):
    """Whoever held a post of outside people was one: a lecturer where the post gives no role, else an examiner."""
    Employee = apps.get_model("people", "Employee")
    outside = Employee.objects.filter(position__is_outside=True)
    outside.filter(position__role="staff").update(kind="guest")
    outside.exclude(position__role="staff").update(kind="examiner")


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0007_people_without_a_number"),
    ]

    operations = [
        migrations.RunPython(say_who_is_outside, migrations.RunPython.noop),
    ]
