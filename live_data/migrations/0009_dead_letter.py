"""Events that could not be stored are kept."""

import live_data.models.event_row
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('live_data', '0008_clock'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeadLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', live_data.models.event_row.EventIdField(max_length=16, verbose_name='event ID')),
                ('kind', models.TextField(verbose_name='kind')),
                ('room_id', models.BigIntegerField(verbose_name='room number')),
                ('event', models.BinaryField(verbose_name='event (as in the log)')),
                ('parser_version', models.IntegerField(verbose_name='parser version')),
                ('reason', models.TextField(verbose_name='why it could not be stored')),
                ('first_failed_at', models.DateTimeField(verbose_name='first failed at')),
                ('last_failed_at', models.DateTimeField(verbose_name='last failed at')),
                ('times', models.BigIntegerField(db_default=1, verbose_name='delivered')),
            ],
            options={
                'verbose_name': 'dead letter',
                'verbose_name_plural': 'dead letters',
                'db_table': 'live_data_deadletter',
                'constraints': [models.UniqueConstraint(fields=('kind', 'event_id', 'room_id', 'parser_version'), name='dead_letter_once')],
            },
        ),
    ]
