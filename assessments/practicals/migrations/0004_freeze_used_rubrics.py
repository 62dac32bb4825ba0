from django.db import migrations
from django.utils import timezone


def freeze_used(apps, schema_editor):
    """What practicals were made with becomes the version that they keep, and a copy of it is what authors go on editing."""
    Rubric, Criterion = apps.get_model("practicals", "Rubric"), apps.get_model("practicals", "Criterion")
    names = ("name_zh", "name_en", "track", "level", "pass_mark", "in_use")
    parts = ("name_zh", "name_en", "max_points", "order")
    for used in Rubric.objects.filter(practicals__isnull=False, frozen_at=None).distinct():
        source = Rubric.objects.create(**{name: getattr(used, name) for name in names})
        criteria = Criterion.objects.filter(rubric=used).order_by("order", "pk")
        Criterion.objects.bulk_create(Criterion(rubric=source, **{name: getattr(one, name) for name in parts}) for one in criteria)
        Rubric.objects.filter(pk=used.pk).update(version_of=source, frozen_at=timezone.now(), in_use=False)


class Migration(migrations.Migration):
    dependencies = [("practicals", "0003_keep_versions")]
    operations = [migrations.RunPython(freeze_used, migrations.RunPython.noop)]
