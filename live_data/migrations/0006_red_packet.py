"""Red packets, and the messages that tell of them."""

import django.db.models.deletion
import django.db.models.functions.datetime
import live_data.models.event_row
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("live_data", "0005_protocol_news")]

    operations = [
        migrations.CreateModel(
            name='RedPacketData',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='event ID')),
                ('timestamp', models.DateTimeField(verbose_name='time')),
                ('lot_id', models.BigIntegerField(verbose_name='red packet number')),
                ('uid', models.BigIntegerField(null=True, verbose_name='user ID')),
                ('username', models.TextField(db_default='', verbose_name='user name')),
                ('num', models.BigIntegerField(db_default=1, verbose_name='number')),
                ('paid_gold', models.BigIntegerField(null=True, verbose_name='paid in gold seeds')),
                ('gifts_gold', models.BigIntegerField(null=True, verbose_name='gold seeds of the gifts inside')),
                ('gifts', models.JSONField(null=True, verbose_name='gifts inside')),
                ('end_time', models.DateTimeField(null=True, verbose_name='end')),
                ('winners', models.BigIntegerField(null=True, verbose_name='winners')),
                ('room', models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room')),
            ],
            options={
                'verbose_name': 'red packet',
                'verbose_name_plural': 'red packets',
                'db_table': 'live_data_redpacketdata',
                'indexes': [models.Index(fields=['room', 'timestamp'], name='idx_red_packet_room_time')],
                'constraints': [models.UniqueConstraint(fields=('room', 'lot_id'), name='red_packet_once')],
            },
        ),
        migrations.CreateModel(
            name='RedPacketReportData',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='event ID')),
                ('timestamp', models.DateTimeField(verbose_name='time')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('parser_version', models.SmallIntegerField(db_default=1, verbose_name='parser version')),
                ('stored_at', models.DateTimeField(db_column='created_at', db_default=django.db.models.functions.datetime.Now(), verbose_name='stored at')),
                ('report', models.TextField(verbose_name='kind of report')),
                ('form', models.SmallIntegerField(verbose_name='form of the message')),
                ('lot_id', models.BigIntegerField(verbose_name='red packet number')),
                ('uid', models.BigIntegerField(null=True, verbose_name='user ID')),
                ('username', models.TextField(db_default='', verbose_name='user name')),
                ('num', models.BigIntegerField(db_default=1, verbose_name='number')),
                ('price', models.BigIntegerField(null=True, verbose_name='price of one in gold seeds')),
                ('total_price', models.BigIntegerField(null=True, verbose_name='gold seeds of the gifts inside')),
                ('gifts', models.JSONField(null=True, verbose_name='gifts inside')),
                ('end_time', models.DateTimeField(null=True, verbose_name='end')),
                ('winners', models.BigIntegerField(null=True, verbose_name='winners')),
                ('room', models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room')),
            ],
            options={
                'verbose_name': 'red packet report',
                'verbose_name_plural': 'red packet reports',
                'db_table': 'live_data_redpacketreportdata',
                'indexes': [models.Index(fields=['room', 'timestamp'], name='idx_red_packet_report_time'), models.Index(fields=['room', 'lot_id'], name='idx_red_packet_report_lot')],
            },
        ),
    ]
