from django.db import migrations
from django.db.models import F
from django.db.models.functions import TruncDate


def number_awards(apps, schema_editor):
    """Until now a level was reached once and in turn, so the first award led to level 1, the second to 2."""
    awards = apps.get_model("grading", "LevelDecision").objects.filter(number=None)
    awards.update(number=F("to_level"), effective_on=TruncDate("decided_at"))


class Migration(migrations.Migration):
    dependencies = [("grading", "0004_awards_become_level_decisions")]
    operations = [migrations.RunPython(number_awards, migrations.RunPython.noop)]
