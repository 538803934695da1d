"""Counts by day, of rooms and of people in them."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


def begin(apps, schema_editor):
    """What is stored already is in no day yet: a rebuild is due."""
    alias = schema_editor.connection.alias
    if apps.get_model("live_data", "MinuteCount").objects.using(alias).exists():
        chosen = settings.ENVIRONMENT
        apps.get_model("live_data", "RollupCalendar").objects.using(alias).create(
            id=1, zone=chosen.stats_timezone, day_start=chosen.day_start, is_whole=False
        )


class Migration(migrations.Migration):

    dependencies = [
        ('live_data', '0010_postgresql'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('danmaku', models.BigIntegerField(db_default=0, verbose_name='danmaku')),
                ('gifts', models.BigIntegerField(db_default=0, verbose_name='gifts')),
                ('super_chats', models.BigIntegerField(db_default=0, verbose_name='super chats')),
                ('guards', models.BigIntegerField(db_default=0, verbose_name='guards')),
                ('gift_gold', models.BigIntegerField(db_default=0, verbose_name='gold seeds from gifts')),
                ('super_chat_gold', models.BigIntegerField(db_default=0, verbose_name='gold seeds from super chats')),
                ('guard_gold', models.BigIntegerField(db_default=0, verbose_name='gold seeds from guards')),
                ('day', models.DateField(verbose_name='day')),
                ('gold', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('gift_gold'), '+', models.F('super_chat_gold')), '+', models.F('guard_gold')), output_field=models.BigIntegerField(), verbose_name='revenue in gold seeds')),
            ],
            options={
                'verbose_name': 'count of a day',
                'verbose_name_plural': 'counts by day',
                'db_table': 'live_data_daycount',
            },
        ),
        migrations.CreateModel(
            name='PersonDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('danmaku', models.BigIntegerField(db_default=0, verbose_name='danmaku')),
                ('gifts', models.BigIntegerField(db_default=0, verbose_name='gifts')),
                ('super_chats', models.BigIntegerField(db_default=0, verbose_name='super chats')),
                ('guards', models.BigIntegerField(db_default=0, verbose_name='guards')),
                ('gift_gold', models.BigIntegerField(db_default=0, verbose_name='gold seeds from gifts')),
                ('super_chat_gold', models.BigIntegerField(db_default=0, verbose_name='gold seeds from super chats')),
                ('guard_gold', models.BigIntegerField(db_default=0, verbose_name='gold seeds from guards')),
                ('uid', models.BigIntegerField(verbose_name='user ID')),
                ('day', models.DateField(verbose_name='day')),
            ],
            options={
                'verbose_name': "day of a person in a room",
                'verbose_name_plural': "days of people in rooms",
                'db_table': 'live_data_personday',
            },
        ),
        migrations.CreateModel(
            name='RollupCalendar',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('zone', models.TextField(verbose_name='time zone')),
                ('day_start', models.SmallIntegerField(verbose_name='beginning of a day (minutes)')),
                ('is_whole', models.BooleanField(verbose_name='complete')),
            ],
            options={
                'verbose_name': 'calendar of the rollups',
                'verbose_name_plural': 'calendars of the rollups',
                'db_table': 'live_data_rollupcalendar',
            },
        ),
        migrations.AddField(
            model_name='daycount',
            name='room',
            field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
        ),
        migrations.AddField(
            model_name='personday',
            name='room',
            field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
        ),
        migrations.AddConstraint(
            model_name='rollupcalendar',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='rollup_calendar_once'),
        ),
        migrations.AddIndex(
            model_name='daycount',
            index=models.Index(fields=['day'], name='idx_day_count_day'),
        ),
        migrations.AddConstraint(
            model_name='daycount',
            constraint=models.UniqueConstraint(fields=('room', 'day'), name='day_count_once'),
        ),
        migrations.AddIndex(
            model_name='personday',
            index=models.Index(fields=['uid', 'room', 'day'], name='idx_person_day_uid'),
        ),
        migrations.AddConstraint(
            model_name='personday',
            constraint=models.UniqueConstraint(fields=('room', 'day', 'uid'), name='person_day_once'),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
