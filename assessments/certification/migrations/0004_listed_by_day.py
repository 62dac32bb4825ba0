from django.db import migrations, models

from lms.common.indexes import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("certification", "0003_oem_certificates_name_a_brand")]

    operations = [
        AddIndexBesideWriters("certificate", models.Index(fields=["issued_at", "id"], name="certification_by_issue")),
        AddIndexBesideWriters("oemcertificate", models.Index(fields=["expires_on", "id"], name="certification_oem_by_expiry")),
    ]
