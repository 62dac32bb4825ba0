from django.db import migrations

from lms.common.indexes import AddPostgreSQLIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("people", "0012_two_people_withdraw_what_two_decided")]

    operations = [
        AddPostgreSQLIndex("people_employee_number_signs", "people_employee USING gin (string_to_array(upper(number::text), NULL))"),
    ]
