import django.db.models.deletion
from django.db import migrations, models

import courses.training.kinds


def mean_the_track_of_the_dealer(apps, schema_editor):
    """Until now a programme was for whoever is in a position of the track that its kind was called by."""
    Audience, Condition = apps.get_model("audiences", "Audience"), apps.get_model("audiences", "Condition")
    for programme in apps.get_model("training", "Programme").objects.filter(audience=None):
        programme.audience = Audience.objects.create(asks=2)
        Condition.objects.create(audience=programme.audience, name="dealer", value=str(programme.dealer_id))
        Condition.objects.create(audience=programme.audience, name="track", value=programme.kind)
        programme.save(update_fields=["audience"])


class Migration(migrations.Migration):

    dependencies = [
        ("audiences", "0001_first_models"),
        ("training", "0003_holidays_move_to_people"),
    ]

    operations = [
        migrations.AlterField(
            model_name="programme",
            name="kind",
            field=models.CharField(choices=courses.training.kinds.choices, max_length=12, verbose_name="kind"),
        ),
        migrations.AddField(
            model_name="programme",
            name="week",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[(1, "the first"), (2, "the second"), (3, "the third"), (4, "the fourth")],
                help_text="Of training once a month; empty for weekly training.",
                null=True,
                verbose_name="which one of the month",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("week__isnull", True), models.Q(("week__gte", 1), ("week__lte", 4)), _connector="OR"),
                name="training_programme_week_is_1_to_4",
            ),
        ),
        migrations.AddField(
            model_name="programme",
            name="audience",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="programme",
                to="audiences.audience",
                verbose_name="for whom",
            ),
        ),
        migrations.RunPython(mean_the_track_of_the_dealer, migrations.RunPython.noop, elidable=True),
    ]
