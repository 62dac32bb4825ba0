import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the one before: PostgreSQL alters no table whose rows the same transaction has written."""

    dependencies = [
        ("training", "0004_programmes_have_an_audience"),
    ]

    operations = [
        migrations.AlterField(
            model_name="programme",
            name="audience",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="programme",
                to="audiences.audience",
                verbose_name="for whom",
            ),
        ),
    ]
