import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("answers", "0001_first_models"),
        ("checks", "0003_responses_in_one_shape"),
    ]

    operations = [
        migrations.AddField(
            model_name="check",
            name="sheet",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="check_taken",
                to="answers.answersheet",
                verbose_name="answer sheet",
            ),
        ),
    ]
