"""Every try has its answer sheet. The table of version 0.1 stays one release longer, as it was, and nothing looks at it any more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("checks", "0005_carry_answers_over"),
    ]

    operations = [
        migrations.AlterField(
            model_name="check",
            name="sheet",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="check_taken",
                to="answers.answersheet",
                verbose_name="answer sheet",
            ),
        ),
        # What stays of the table binds nothing.
        migrations.AlterField(
            model_name="checkanswer",
            name="check_taken",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="checks.check"
            ),
        ),
        migrations.AlterField(
            model_name="checkanswer",
            name="version",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="questions.questionversion"
            ),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("CheckAnswer")]),
    ]
