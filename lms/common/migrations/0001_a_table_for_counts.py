from django.core.management import call_command
from django.db import migrations


def create_table(apps, schema_editor):
    """The table of Django's own database cache, where wrong passwords are counted while Redis is away."""
    call_command("createcachetable", "pitlane_cache", database=schema_editor.connection.alias, verbosity=0)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE pitlane_cache")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(create_table, drop_table)]
