from django.db import migrations, models
from django.db.models.functions import Upper

from lms.common.indexes import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("people", "0009_found_in_a_large_group")]

    operations = [AddIndexBesideWriters("employee", models.Index("group", Upper("number"), name="people_employee_spelled"))]
