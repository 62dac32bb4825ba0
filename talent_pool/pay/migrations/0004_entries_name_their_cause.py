import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0008_keep_what_was_found'),
        ('pay', '0003_pay_changes_have_a_cause'),
        ('people', '0002_proposals_about_signers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='paychange',
            name='event',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pay_changes', to='people.employmentevent'),
        ),
        migrations.AddField(
            model_name='paychange',
            name='of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='pay.paychange'),
        ),
        migrations.AddField(
            model_name='paychange',
            name='proposed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paychange',
            name='reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='paychange',
            name='decision',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pay_change', to='grading.leveldecision'),
        ),
        migrations.AddConstraint(
            model_name='paychange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause__in', ['promotion', 'appeal']), ('decision__isnull', False), ('event__isnull', True), ('of__isnull', True)), models.Q(('cause', 'move'), ('decision__isnull', True), ('event__isnull', False), ('of__isnull', True)), models.Q(('cause', 'probation'), ('decision__isnull', True), ('event__isnull', True), ('of__isnull', True)), models.Q(('cause__in', ['correction', 'reversal']), ('decision__isnull', True), ('event__isnull', True), ('of__isnull', False)), _connector='OR'), name='pay_paychange_names_its_cause'),
        ),
        migrations.AddConstraint(
            model_name='paychange',
            constraint=models.CheckConstraint(condition=models.Q(('cause', 'promotion'), models.Q(models.Q(('reason', ''), _negated=True), ('proposed_by__isnull', False)), _connector='OR'), name='pay_paychange_by_hand_has_person_and_reason'),
        ),
        migrations.AddConstraint(
            model_name='paychange',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'rejected'), _negated=True), fields=('event',), name='pay_paychange_is_once_a_move'),
        ),
        migrations.AddConstraint(
            model_name='paychange',
            constraint=models.UniqueConstraint(condition=models.Q(('cause', 'probation'), models.Q(('status', 'rejected'), _negated=True)), fields=('employee', 'effective_on'), name='pay_paychange_is_once_a_probation'),
        ),
        migrations.AddConstraint(
            model_name='paychange',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'rejected'), _negated=True), fields=('of', 'cause'), name='pay_paychange_is_once_an_entry_and_cause'),
        ),
    ]
