import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Beside what there is: where it goes is filled in next, and what it replaces goes after that."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("people", "0001_first_models"),
        ("notifications", "0002_former_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transport", models.CharField(max_length=20, verbose_name="transport")),
                ("address", models.CharField(blank=True, max_length=254, verbose_name="address")),
                ("is_on", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "dealer",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="channels", to="people.dealer"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(user__isnull=False, dealer__isnull=True) | Q(user__isnull=True, dealer__isnull=False),
                        name="notifications_channel_is_a_persons_or_a_groups",
                    ),
                    models.CheckConstraint(
                        condition=Q(dealer__isnull=True) | ~Q(address=""), name="notifications_channel_of_a_group_has_an_address"
                    ),
                    models.UniqueConstraint(
                        fields=("user", "transport", "address"),
                        condition=Q(user__isnull=False),
                        name="notifications_channel_is_one_a_person",
                    ),
                    models.UniqueConstraint(
                        fields=("dealer", "transport", "address"),
                        condition=Q(dealer__isnull=False),
                        name="notifications_channel_is_one_a_group",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="delivery", name="notifications_delivery_is_one_a_channel"),
        migrations.RemoveIndex(model_name="delivery", name="notifications_unsent"),
        migrations.RenameField(model_name="delivery", old_name="channel", new_name="way"),
        migrations.AddField(
            model_name="delivery",
            name="channel",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="notifications.channel"
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="dropped",
            field=models.CharField(
                blank=True,
                choices=[
                    ("left", "The reader has left"),
                    ("done", "Done before it was sent"),
                    ("address", "There is no address any more"),
                ],
                default="",
                max_length=8,
                verbose_name="why it was not sent",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="notice",
            name="posted_to",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="notifications.channel"
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="recipient",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="notices", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("posted_to", "kind", "key"), name="notifications_notice_is_posted_once"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=Q(recipient__isnull=False, posted_to__isnull=True) | Q(recipient__isnull=True, posted_to__isnull=False),
                name="notifications_notice_has_a_reader",
            ),
        ),
    ]
