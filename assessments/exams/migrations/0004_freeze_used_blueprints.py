from django.db import migrations
from django.utils import timezone


def freeze_used(apps, schema_editor):
    """What sittings were set by becomes the version that they keep, and a copy of it is what authors go on editing."""
    Blueprint, Line = apps.get_model("exams", "Blueprint"), apps.get_model("exams", "BlueprintLine")
    names = ("name_zh", "name_en", "track", "level", "minutes", "pass_mark", "in_use")
    parts = ("topic_id", "level", "kind", "count", "points")
    for used in Blueprint.objects.filter(sittings__isnull=False, frozen_at=None).distinct():
        source = Blueprint.objects.create(**{name: getattr(used, name) for name in names})
        lines = Line.objects.filter(blueprint=used).order_by("pk")
        Line.objects.bulk_create(Line(blueprint=source, **{name: getattr(line, name) for name in parts}) for line in lines)
        Blueprint.objects.filter(pk=used.pk).update(version_of=source, frozen_at=timezone.now(), in_use=False)


class Migration(migrations.Migration):
    dependencies = [("exams", "0003_keep_versions")]
    operations = [migrations.RunPython(freeze_used, migrations.RunPython.noop)]
