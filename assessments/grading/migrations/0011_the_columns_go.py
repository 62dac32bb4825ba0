from django.db import migrations


class Migration(migrations.Migration):
    """In a migration of its own: PostgreSQL alters no table whose rows were written in the same transaction."""

    dependencies = [("grading", "0010_columns_become_rows")]
    operations = [
        *(migrations.RemoveField("candidacy", name) for name in ("paper", "practical", "theory_score", "practical_score")),
        migrations.DeleteModel("CycleBasis"),
        migrations.DeleteModel("CycleSitting"),
    ]
