import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("answers", "0001_first_models"),
        ("exams", "0005_responses_in_one_shape"),
    ]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="sheet",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempt",
                to="answers.answersheet",
                verbose_name="answer sheet",
            ),
        ),
    ]
