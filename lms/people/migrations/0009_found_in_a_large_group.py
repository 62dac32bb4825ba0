from django.db import migrations, models

from lms.common.indexes import AddIndexBesideWriters, AddPostgreSQLIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("people", "0008_who_is_outside")]

    operations = [
        AddIndexBesideWriters("employee", models.Index(fields=["group", "name", "id"], name="people_employee_by_name")),
        AddIndexBesideWriters("employee", models.Index(fields=["number", "id"], name="people_employee_by_number")),
        AddIndexBesideWriters("employee", models.Index(fields=["group", "hired_on", "id"], name="people_employee_by_hiring")),
        AddIndexBesideWriters(
            "employee", models.Index(fields=["user"], condition=models.Q(number=""), name="people_employee_no_number")
        ),
        AddPostgreSQLIndex("people_employee_signs", "people_employee USING gin (string_to_array(upper(name::text), NULL))"),
    ]
