import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pay', '0005_withdrawn_and_kept_as_exported'),
        ('people', '0008_who_is_outside'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='paychange',
            name='position',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.position', verbose_name='position'),
        ),
        migrations.CreateModel(
            name='KeptPay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('kept_at', models.DateTimeField(verbose_name='kept')),
                ('band', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pay.band', verbose_name='band')),
                ('dealer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.dealer', verbose_name='dealer')),
                ('employee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kept_pay', to='people.employee', verbose_name='employee')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='kept_pay', to='people.employmentevent')),
                ('kept_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'pay kept after a move',
                'verbose_name_plural': 'pay kept after moves',
                'ordering': ['kept_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='pay_keptpay_has_a_reason')],
            },
        ),
    ]
