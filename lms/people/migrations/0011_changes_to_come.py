import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0010_numbers_however_spelled'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ComingChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('hire', 'Hire'), ('move', 'Transfer or promote'), ('departure', 'Record the departure'), ('return', 'Record the return'), ('password', 'A new first password'), ('email', 'A new e-mail address'), ('second_factor', 'Reset the second step')], max_length=16, verbose_name='what')),
                ('on', models.DateField(verbose_name='on')),
                ('particulars', models.JSONField(blank=True, default=dict, verbose_name='particulars')),
                ('status', models.CharField(choices=[('coming', 'To come'), ('done', 'Took effect'), ('withdrawn', 'Withdrawn')], default='coming', max_length=10, verbose_name='state')),
                ('held_up', models.CharField(blank=True, max_length=300, verbose_name='what stands in its way')),
                ('planned_at', models.DateTimeField(verbose_name='planned')),
                ('carried_out_at', models.DateTimeField(blank=True, null=True, verbose_name='took effect')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('employee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coming_changes', to='people.employee', verbose_name='employee')),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'change to come',
                'verbose_name_plural': 'changes to come',
                'ordering': ['on', 'pk'],
                'indexes': [models.Index(fields=['status', 'on'], name='people_coming_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['move', 'departure'])), name='people_comingchange_is_move_or_departure'), models.UniqueConstraint(condition=models.Q(('status', 'coming')), fields=('employee', 'kind'), name='people_comingchange_comes_once_a_kind'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('planned_by')), _negated=True), _connector='OR'), name='people_comingchange_takes_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='people_comingchange_withdrawn_has_time_and_person'), models.CheckConstraint(condition=models.Q(models.Q(('carried_out_at', None), ('status', 'coming'), ('withdrawn_at', None)), models.Q(('carried_out_at__isnull', False), ('status', 'done'), ('withdrawn_at', None)), models.Q(('carried_out_at', None), ('status', 'withdrawn'), ('withdrawn_at__isnull', False)), _connector='OR'), name='people_comingchange_ended_has_a_time')],
            },
        ),
    ]
