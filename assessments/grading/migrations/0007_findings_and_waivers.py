import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0006_level_decisions_hold'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='candidacy',
            name='computations',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='how often computed'),
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='computation of the candidacy, from 1')),
                ('rule', models.CharField(max_length=20, verbose_name='rule')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version of the rule')),
                ('met', models.BooleanField(verbose_name='met')),
                ('have', models.IntegerField(blank=True, null=True, verbose_name='found')),
                ('need', models.IntegerField(blank=True, null=True, verbose_name='asked for')),
                ('figures', models.JSONField(blank=True, default=dict, verbose_name='what it was judged by')),
                ('records', models.JSONField(blank=True, default=dict, verbose_name='ids of the records used')),
                ('found_at', models.DateTimeField(verbose_name='found')),
                ('candidacy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='all_findings', to='grading.candidacy')),
                ('found_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'finding',
                'verbose_name_plural': 'findings',
                'ordering': ['candidacy', 'number', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('waived_at', models.DateTimeField(verbose_name='waived')),
                ('finding', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='waiver', to='grading.finding')),
                ('waived_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'waiver',
                'verbose_name_plural': 'waivers',
            },
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.UniqueConstraint(fields=('candidacy', 'number', 'rule'), name='grading_finding_is_one_a_rule_and_computation'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1), ('version__gte', 1)), name='grading_finding_is_numbered_from_1'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='grading_waiver_has_a_reason'),
        ),
    ]
