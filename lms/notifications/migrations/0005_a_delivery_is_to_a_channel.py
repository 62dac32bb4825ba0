import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("notifications", "0004_deliveries_go_to_channels")]

    operations = [
        migrations.RemoveField(model_name="delivery", name="way"),
        migrations.RemoveField(model_name="delivery", name="address"),
        migrations.AlterField(
            model_name="delivery",
            name="channel",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="notifications.channel"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("notice", "channel"), name="notifications_delivery_is_one_a_channel"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=Q(dropped="") | Q(sent_at__isnull=True), name="notifications_delivery_is_sent_or_dropped"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["tries"], condition=Q(sent_at__isnull=True, dropped=""), name="notifications_unsent"),
        ),
    ]
