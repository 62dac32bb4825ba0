from django.db import migrations


def forget_allauths_addresses(apps, schema_editor):
    """Whoever asked for a new password left the address of that day there, and it could be used for the next."""
    apps.get_model("account", "EmailAddress").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_enrolment_codes"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunPython(forget_allauths_addresses, migrations.RunPython.noop)]
