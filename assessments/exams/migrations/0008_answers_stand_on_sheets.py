"""Every attempt has its answer sheet. The table of version 0.1 stays one release longer, as it was, and nothing looks at it any more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("exams", "0007_carry_answers_over"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attempt",
            name="sheet",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempt",
                to="answers.answersheet",
                verbose_name="answer sheet",
            ),
        ),
        # What stays of the table binds nothing.
        migrations.AlterField(
            model_name="answer",
            name="attempt",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="exams.attempt"
            ),
        ),
        migrations.AlterField(
            model_name="answer",
            name="item",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="exams.paperitem"
            ),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Answer")]),
    ]
