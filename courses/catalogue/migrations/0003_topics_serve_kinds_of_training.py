from django.db import migrations, models


def serve_the_training_of_their_track(apps, schema_editor):
    Topic = apps.get_model("catalogue", "Topic")
    for topic in Topic.objects.all():
        Topic.objects.filter(pk=topic.pk).update(kinds=[topic.track])


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0002_call_a_step_of_a_procedure_one_step"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="kinds",
            field=models.JSONField(blank=True, default=list, verbose_name="serves"),
        ),
        migrations.AlterField(
            model_name="topic",
            name="track",
            field=models.CharField(
                blank=True,
                choices=[("service", "Service-advisor track"), ("technical", "Technician track")],
                help_text="On whose ladder it is asked about; empty: on none.",
                max_length=12,
                verbose_name="track",
            ),
        ),
        migrations.RunPython(serve_the_training_of_their_track, migrations.RunPython.noop, elidable=True),
    ]
