"""Sessions of rooms, and what they are derived from; rooms that were watched before are settled soon."""

from datetime import UTC, datetime

import django.db.models.deletion
import django.db.models.functions.datetime
import live_data.models.event_row
from django.db import migrations, models


def settle_all(apps, schema_editor):
    alias = schema_editor.connection.alias
    rooms = apps.get_model('live_data', 'LiveRoom').objects.using(alias).values_list('room_id', flat=True)
    unsettled = apps.get_model('live_data', 'UnsettledRoom')
    since = datetime(1970, 1, 1, tzinfo=UTC)
    unsettled.objects.using(alias).bulk_create(
        unsettled(room_id=room_id, since=since) for room_id in rooms.iterator()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('live_data', '0013_guard_list_price'),
    ]

    operations = [
        migrations.CreateModel(
            name='LiveSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_id', live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='session ID')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('live_key', models.TextField(db_default='', verbose_name='live key')),
                ('begin', models.DateTimeField(verbose_name='begin')),
                ('begin_is', models.TextField(choices=[('seen', 'seen'), ('inferred', 'inferred'), ('corrected', 'corrected by hand')], verbose_name='begin is')),
                ('begin_by', models.TextField(verbose_name='begin is known by')),
                ('end', models.DateTimeField(null=True, verbose_name='end')),
                ('end_is', models.TextField(choices=[('seen', 'seen'), ('inferred', 'inferred'), ('corrected', 'corrected by hand')], db_default='', verbose_name='end is')),
                ('end_by', models.TextField(db_default='', verbose_name='end is known by')),
                ('last_sign', models.DateTimeField(verbose_name='last sign of it')),
                ('streams', models.JSONField(verbose_name='streams')),
                ('title', models.TextField(db_default='', verbose_name='title')),
                ('area_name', models.TextField(db_default='', verbose_name='area')),
                ('parent_area_name', models.TextField(db_default='', verbose_name='parent area')),
                ('room', models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'db_table': 'live_data_livesession',
            },
        ),
        migrations.CreateModel(
            name='UnsettledRoom',
            fields=[
                ('room', models.OneToOneField(db_column='room_id', on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='live_data.liveroom', to_field='room_id', verbose_name='room')),
                ('since', models.DateTimeField(verbose_name='since')),
            ],
            options={
                'verbose_name': 'room with unsettled sessions',
                'verbose_name_plural': 'rooms with unsettled sessions',
                'db_table': 'live_data_unsettledroom',
            },
        ),
        migrations.CreateModel(
            name='PolledState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('timestamp', models.DateTimeField(verbose_name='time')),
                ('status', models.IntegerField(choices=[(0, 'Offline'), (1, 'Live'), (2, 'Replay')], verbose_name='status')),
                ('live_since_ms', models.BigIntegerField(db_default=0, verbose_name='live since')),
                ('room', models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room')),
            ],
            options={
                'verbose_name': 'polled state',
                'verbose_name_plural': 'polled states',
                'db_table': 'live_data_polledstate',
            },
        ),
        migrations.CreateModel(
            name='SessionCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('split', 'split'), ('merge', 'merged'), ('begin', 'begin set'), ('end', 'end set')], verbose_name='kind')),
                ('anchor', models.DateTimeField(verbose_name='session')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='made at')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='undone at')),
                ('room', models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room')),
            ],
            options={
                'verbose_name': 'correction of sessions',
                'verbose_name_plural': 'corrections of sessions',
                'db_table': 'live_data_sessioncorrection',
            },
        ),
        migrations.CreateModel(
            name='SessionFigures',
            fields=[
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='live_data.livesession', verbose_name='session')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('is_due', models.BooleanField(db_default=True, verbose_name='to be counted')),
                ('figures', models.JSONField(null=True, verbose_name='figures')),
                ('room', models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room')),
            ],
            options={
                'verbose_name': 'figures of a session',
                'verbose_name_plural': 'figures of sessions',
                'db_table': 'live_data_sessionfigures',
            },
        ),
        migrations.AddIndex(
            model_name='livesession',
            index=models.Index(fields=['room', 'begin'], name='idx_session_room_begin'),
        ),
        migrations.AddIndex(
            model_name='livesession',
            index=models.Index(fields=['begin'], name='idx_session_begin'),
        ),
        migrations.AddConstraint(
            model_name='livesession',
            constraint=models.UniqueConstraint(fields=('room', 'opened_at'), name='session_once'),
        ),
        migrations.AddConstraint(
            model_name='polledstate',
            constraint=models.UniqueConstraint(fields=('room', 'timestamp', 'status', 'live_since_ms'), name='polled_state_once'),
        ),
        migrations.AddIndex(
            model_name='sessioncorrection',
            index=models.Index(fields=['room', 'id'], name='idx_session_correction_room'),
        ),
        migrations.AddIndex(
            model_name='sessionfigures',
            index=models.Index(fields=['until'], name='idx_session_figures_until'),
        ),
        migrations.AddIndex(
            model_name='sessionfigures',
            index=models.Index(condition=models.Q(('is_due', True)), fields=['until'], name='idx_session_figures_due'),
        ),
        migrations.RunPython(settle_all, migrations.RunPython.noop),
    ]
