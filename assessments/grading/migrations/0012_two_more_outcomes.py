from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0011_the_columns_go")]
    operations = [
        migrations.AlterField(
            model_name="candidacy",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("passed", "Passed"),
                    ("failed", "Not passed"),
                    ("missed", "Did not sit"),
                    ("excluded", "Not admitted"),
                    ("left", "Left before publication"),
                ],
                default="pending",
                max_length=8,
                verbose_name="outcome",
            ),
        ),
    ]
