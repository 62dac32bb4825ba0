import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0011_the_columns_go'),
        ('pay', '0004_entries_name_their_cause'),
        ('people', '0006_records_follow_history'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='paychange',
            name='pay_paychange_is_once_a_move',
        ),
        migrations.RemoveConstraint(
            model_name='paychange',
            name='pay_paychange_is_once_a_probation',
        ),
        migrations.RemoveConstraint(
            model_name='paychange',
            name='pay_paychange_is_once_an_entry_and_cause',
        ),
        migrations.AddField(
            model_name='paychange',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='withdrawn'),
        ),
        migrations.AddField(
            model_name='paychange',
            name='withdrawn_why',
            field=models.CharField(blank=True, choices=[('left', 'left before the change takes effect'), ('taken_back', 'the level was withdrawn'), ('track', 'no longer on this track'), ('moved', 'now works at another dealer')], max_length=10, verbose_name='why withdrawn'),
        ),
        migrations.AddField(
            model_name='payrollexport',
            name='rows',
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name='paychange',
            name='decision',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pay_changes', to='grading.leveldecision'),
        ),
        migrations.AlterField(
            model_name='paychange',
            name='status',
            field=models.CharField(choices=[('proposed', 'Proposed'), ('approved', 'Approved'), ('countersigned', 'Countersigned'), ('exported', 'Exported'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=14, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='paychange',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'withdrawn'), _negated=True), fields=('decision',), name='pay_paychange_is_once_a_decision'),
        ),
        migrations.AddConstraint(
            model_name='paychange',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['rejected', 'withdrawn']), _negated=True), fields=('event',), name='pay_paychange_is_once_a_move'),
        ),
        migrations.AddConstraint(
            model_name='paychange',
            constraint=models.UniqueConstraint(condition=models.Q(('cause', 'probation'), models.Q(('status__in', ['rejected', 'withdrawn']), _negated=True)), fields=('employee', 'effective_on'), name='pay_paychange_is_once_a_probation'),
        ),
        migrations.AddConstraint(
            model_name='paychange',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['rejected', 'withdrawn']), _negated=True), fields=('of', 'cause'), name='pay_paychange_is_once_an_entry_and_cause'),
        ),
        migrations.AddConstraint(
            model_name='paychange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'withdrawn'), ('withdrawn_at__isnull', False), models.Q(('withdrawn_why', ''), _negated=True)), models.Q(models.Q(('status', 'withdrawn'), _negated=True), ('withdrawn_at__isnull', True), ('withdrawn_why', '')), _connector='OR'), name='pay_paychange_withdrawn_has_time_and_reason'),
        ),
    ]
