import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certification', '0001_first_models'),
        ('grading', '0005_number_level_decisions'),
        ('people', '0002_proposals_about_signers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='leveldecision',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='leveldecision',
            name='corrects',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='grading.leveldecision'),
        ),
        migrations.AddField(
            model_name='leveldecision',
            name='reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='leveldecision',
            name='candidacy',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='grading.candidacy'),
        ),
        migrations.AlterField(
            model_name='leveldecision',
            name='certificate',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='certification.certificate'),
        ),
        migrations.AlterField(
            model_name='leveldecision',
            name='cycle',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='grading.cycle'),
        ),
        migrations.AlterField(
            model_name='leveldecision',
            name='decided_at',
            field=models.DateTimeField(verbose_name='decided'),
        ),
        migrations.AlterField(
            model_name='leveldecision',
            name='effective_on',
            field=models.DateField(verbose_name='effective on'),
        ),
        migrations.AlterField(
            model_name='leveldecision',
            name='employee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='level_decisions', to='people.employee'),
        ),
        migrations.AlterField(
            model_name='leveldecision',
            name='number',
            field=models.PositiveSmallIntegerField(verbose_name="place in the person's list of the track, from 1"),
        ),
        migrations.AlterField(
            model_name='leveldecision',
            name='quarter',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='quarter'),
        ),
        migrations.AlterField(
            model_name='leveldecision',
            name='year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year'),
        ),
        migrations.AddConstraint(
            model_name='leveldecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'award'), ('to_level', django.db.models.expressions.CombinedExpression(models.F('from_level'), '+', models.Value(1)))), models.Q(('from_level__gte', 1), ('kind', 'renewal'), ('to_level', models.F('from_level'))), models.Q(('kind__in', ['lapse', 'lowering']), ('from_level', django.db.models.expressions.CombinedExpression(models.F('to_level'), '+', models.Value(1)))), models.Q(('kind', 'correction'), models.Q(('to_level', django.db.models.expressions.CombinedExpression(models.F('from_level'), '+', models.Value(1))), ('from_level', django.db.models.expressions.CombinedExpression(models.F('to_level'), '+', models.Value(1))), _connector='OR')), _connector='OR'), name='grading_leveldecision_is_one_step'),
        ),
        migrations.AddConstraint(
            model_name='leveldecision',
            constraint=models.CheckConstraint(condition=models.Q(('from_level__gte', 0), ('from_level__lte', 3), ('to_level__gte', 0), ('to_level__lte', 3)), name='grading_leveldecision_levels_are_0_to_3'),
        ),
        migrations.AddConstraint(
            model_name='leveldecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('kind', 'award'), ('candidacy__isnull', False), ('cycle__isnull', False), ('quarter__isnull', False), ('year__isnull', False)), models.Q(('corrects__isnull', True), ('kind', 'correction'), ('candidacy__isnull', False), ('cycle__isnull', False), ('quarter__isnull', False), ('year__isnull', False)), models.Q(('corrects__isnull', False), ('kind', 'correction'), ('candidacy__isnull', True), ('cycle__isnull', True), ('quarter__isnull', True), ('year__isnull', True)), models.Q(('corrects__isnull', True), ('kind__in', ['renewal', 'lapse', 'lowering']), ('candidacy__isnull', True), ('cycle__isnull', True), ('quarter__isnull', True), ('year__isnull', True)), _connector='OR'), name='grading_leveldecision_says_what_it_rests_on'),
        ),
        migrations.AddConstraint(
            model_name='leveldecision',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'award'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='grading_leveldecision_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='leveldecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('certificate__isnull', False), models.Q(('to_level', django.db.models.expressions.CombinedExpression(models.F('from_level'), '+', models.Value(1))), ('to_level', models.F('from_level')), _connector='OR')), models.Q(('certificate__isnull', True), ('from_level', django.db.models.expressions.CombinedExpression(models.F('to_level'), '+', models.Value(1)))), _connector='OR'), name='grading_leveldecision_what_is_held_has_a_certificate'),
        ),
        migrations.AddConstraint(
            model_name='leveldecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_by__isnull', False), ('kind', 'correction'), models.Q(('confirmed_by', models.F('decided_by')), _negated=True)), models.Q(models.Q(('kind', 'correction'), _negated=True), ('confirmed_by__isnull', True)), _connector='OR'), name='grading_leveldecision_correction_takes_two_people'),
        ),
        migrations.AddConstraint(
            model_name='leveldecision',
            constraint=models.UniqueConstraint(fields=('employee', 'track', 'number'), name='grading_leveldecision_place_is_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='leveldecision',
            constraint=models.UniqueConstraint(fields=('cycle', 'employee'), name='grading_leveldecision_is_one_a_cycle'),
        ),
        migrations.AddConstraint(
            model_name='leveldecision',
            constraint=models.UniqueConstraint(fields=('employee', 'track', 'year', 'quarter'), name='grading_leveldecision_is_one_a_quarter'),
        ),
    ]
