import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns only: at once on a table of any size. What an event concerns is known from here on; older rows stay as they are."""

    dependencies = [
        ("audit", "0001_first_models"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="event",
            options={
                "ordering": ["-at", "-pk"],
                "permissions": [("view_events", "Sees who did what to whom, at the own dealer or in the group")],
                "verbose_name": "audit event",
                "verbose_name_plural": "audit events",
            },
        ),
        migrations.AddField("event", "about", models.BigIntegerField(blank=True, null=True, verbose_name="about whom")),
        migrations.AddField("event", "dealer", models.BigIntegerField(blank=True, null=True, verbose_name="at which dealer")),
        migrations.AddField(
            "event", "run_by", models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="run by")
        ),
        migrations.AlterField(
            "event",
            "actor",
            models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Empty: the system itself.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="actor",
            ),
        ),
        migrations.AlterField("event", "verb", models.CharField(max_length=80, verbose_name="what happened")),
    ]
