from django.db import migrations, models


class Migration(migrations.Migration):
    """The rows come from `training`, whose 0003 brings them."""

    dependencies = [
        ("people", "0002_proposals_about_signers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(unique=True, verbose_name="day")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("is_workday", models.BooleanField(default=False, verbose_name="is a make-up working day")),
            ],
            options={
                "verbose_name": "holiday or make-up working day",
                "verbose_name_plural": "holidays and make-up working days",
                "ordering": ["on"],
            },
        ),
    ]
