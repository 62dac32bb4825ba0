from django.db import migrations, models

from lms.common.indexes import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("pay", "0008_leaving_by_a_move")]

    operations = [
        migrations.AlterModelOptions(
            "payrollexport", {"ordering": ["-exported_at", "-pk"], "verbose_name": "payroll export", "verbose_name_plural": "payroll exports"}
        ),
        AddIndexBesideWriters("paychange", models.Index(fields=["effective_on", "id"], name="pay_paychange_by_day")),
        AddIndexBesideWriters("paychange", models.Index(fields=["status", "effective_on", "id"], name="pay_paychange_by_state")),
        AddIndexBesideWriters("payrollexport", models.Index(fields=["exported_at", "id"], name="pay_export_by_time")),
    ]
