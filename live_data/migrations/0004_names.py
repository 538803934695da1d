"""Names of tables and columns, as people read them.

State only: SQLite would copy all gifts and minutes to rename what the database does not know, because Django
takes every alteration of a generated column for a real one.
"""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import live_data.models.event_row
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('live_data', '0003_room_pause'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name='coveragespan',
                    options={'verbose_name': 'coverage span', 'verbose_name_plural': 'coverage spans'},
                ),
                migrations.AlterModelOptions(
                    name='danmakudata',
                    options={'verbose_name': 'danmaku', 'verbose_name_plural': 'danmaku'},
                ),
                migrations.AlterModelOptions(
                    name='datamigrationlog',
                    options={'verbose_name': 'sync run', 'verbose_name_plural': 'sync runs'},
                ),
                migrations.AlterModelOptions(
                    name='erasedperson',
                    options={'verbose_name': 'erased person', 'verbose_name_plural': 'erased people'},
                ),
                migrations.AlterModelOptions(
                    name='eventcount',
                    options={'verbose_name': 'event count', 'verbose_name_plural': 'event counts'},
                ),
                migrations.AlterModelOptions(
                    name='gaugeminute',
                    options={'verbose_name': 'gauge of a minute', 'verbose_name_plural': 'gauges by minute'},
                ),
                migrations.AlterModelOptions(
                    name='giftdata',
                    options={'verbose_name': 'gift', 'verbose_name_plural': 'gifts'},
                ),
                migrations.AlterModelOptions(
                    name='guardpurchase',
                    options={'verbose_name': 'guard purchase', 'verbose_name_plural': 'guard purchases'},
                ),
                migrations.AlterModelOptions(
                    name='guardreportdata',
                    options={'verbose_name': 'guard report', 'verbose_name_plural': 'guard reports'},
                ),
                migrations.AlterModelOptions(
                    name='interactiondata',
                    options={'verbose_name': 'interaction', 'verbose_name_plural': 'interactions'},
                ),
                migrations.AlterModelOptions(
                    name='journalposition',
                    options={'verbose_name': 'journal position', 'verbose_name_plural': 'journal positions'},
                ),
                migrations.AlterModelOptions(
                    name='liveroom',
                    options={'verbose_name': 'live room', 'verbose_name_plural': 'live rooms'},
                ),
                migrations.AlterModelOptions(
                    name='minutecount',
                    options={'verbose_name': 'count of a minute', 'verbose_name_plural': 'counts by minute'},
                ),
                migrations.AlterModelOptions(
                    name='monitoringtask',
                    options={'verbose_name': 'monitoring task', 'verbose_name_plural': 'monitoring tasks'},
                ),
                migrations.AlterModelOptions(
                    name='retentionfloor',
                    options={'verbose_name': 'retention floor', 'verbose_name_plural': 'retention floors'},
                ),
                migrations.AlterModelOptions(
                    name='roomstatedata',
                    options={'verbose_name': 'room event', 'verbose_name_plural': 'room events'},
                ),
                migrations.AlterModelOptions(
                    name='superchatdata',
                    options={'verbose_name': 'super chat', 'verbose_name_plural': 'super chats'},
                ),
                migrations.AlterModelOptions(
                    name='superchatdeletiondata',
                    options={'verbose_name': 'super chat deletion', 'verbose_name_plural': 'super chat deletions'},
                ),
                migrations.AlterModelOptions(
                    name='synccursor',
                    options={'verbose_name': 'sync cursor', 'verbose_name_plural': 'sync cursors'},
                ),
                migrations.AlterField(
                    model_name='coveragespan',
                    name='cause',
                    field=models.TextField(db_default='', verbose_name='cause'),
                ),
                migrations.AlterField(
                    model_name='coveragespan',
                    name='detail',
                    field=models.TextField(db_default='', verbose_name='details'),
                ),
                migrations.AlterField(
                    model_name='coveragespan',
                    name='end',
                    field=models.DateTimeField(null=True, verbose_name='end'),
                ),
                migrations.AlterField(
                    model_name='coveragespan',
                    name='event_id',
                    field=live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='event ID'),
                ),
                migrations.AlterField(
                    model_name='coveragespan',
                    name='parser_version',
                    field=models.SmallIntegerField(db_default=1, verbose_name='parser version'),
                ),
                migrations.AlterField(
                    model_name='coveragespan',
                    name='received_at',
                    field=models.DateTimeField(verbose_name='received at'),
                ),
                migrations.AlterField(
                    model_name='coveragespan',
                    name='room',
                    field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
                ),
                migrations.AlterField(
                    model_name='coveragespan',
                    name='state',
                    field=models.TextField(verbose_name='state'),
                ),
                migrations.AlterField(
                    model_name='coveragespan',
                    name='stored_at',
                    field=models.DateTimeField(db_column='created_at', db_default=django.db.models.functions.datetime.Now(), verbose_name='stored at'),
                ),
                migrations.AlterField(
                    model_name='coveragespan',
                    name='timestamp',
                    field=models.DateTimeField(verbose_name='time'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='color',
                    field=models.IntegerField(db_default=16777215, verbose_name='colour'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='dm_type',
                    field=models.SmallIntegerField(db_default=0, verbose_name='danmaku type'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='emotes',
                    field=models.JSONField(null=True, verbose_name='emotes in the text'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='event_id',
                    field=live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='event ID'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='guard_level',
                    field=models.SmallIntegerField(db_default=0, verbose_name='guard level'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='is_admin',
                    field=models.BooleanField(db_default=False, verbose_name='room admin'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='is_mirror',
                    field=models.BooleanField(db_default=False, verbose_name='from a connected room'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='is_vip',
                    field=models.BooleanField(db_default=False, verbose_name='VIP'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='medal_level',
                    field=models.IntegerField(db_default=0, verbose_name='fan medal level'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='medal_name',
                    field=models.TextField(null=True, verbose_name='fan medal'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='message',
                    field=models.TextField(verbose_name='text'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='mode',
                    field=models.IntegerField(db_default=1, verbose_name='display mode'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='parser_version',
                    field=models.SmallIntegerField(db_default=1, verbose_name='parser version'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='received_at',
                    field=models.DateTimeField(verbose_name='received at'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='room',
                    field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='sticker_url',
                    field=models.TextField(db_default='', verbose_name='sticker address'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='stored_at',
                    field=models.DateTimeField(db_column='created_at', db_default=django.db.models.functions.datetime.Now(), verbose_name='stored at'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='timestamp',
                    field=models.DateTimeField(verbose_name='time'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='uid',
                    field=models.BigIntegerField(null=True, verbose_name='user ID'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='user_level',
                    field=models.IntegerField(db_default=0, verbose_name='user level'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='username',
                    field=models.TextField(verbose_name='user name'),
                ),
                migrations.AlterField(
                    model_name='danmakudata',
                    name='wealth_level',
                    field=models.SmallIntegerField(db_default=0, verbose_name='wealth level'),
                ),
                migrations.AlterField(
                    model_name='datamigrationlog',
                    name='created_at',
                    field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created at'),
                ),
                migrations.AlterField(
                    model_name='datamigrationlog',
                    name='end_time',
                    field=models.DateTimeField(null=True, verbose_name='end'),
                ),
                migrations.AlterField(
                    model_name='datamigrationlog',
                    name='error_message',
                    field=models.TextField(null=True, verbose_name='error'),
                ),
                migrations.AlterField(
                    model_name='datamigrationlog',
                    name='failed_records',
                    field=models.BigIntegerField(db_default=0, verbose_name='rows failed'),
                ),
                migrations.AlterField(
                    model_name='datamigrationlog',
                    name='migration_type',
                    field=models.CharField(max_length=50, verbose_name='kind of run'),
                ),
                migrations.AlterField(
                    model_name='datamigrationlog',
                    name='start_time',
                    field=models.DateTimeField(verbose_name='start'),
                ),
                migrations.AlterField(
                    model_name='datamigrationlog',
                    name='status',
                    field=models.CharField(choices=[('running', 'Running'), ('success', 'Success'), ('failed', 'Failed')], db_default='running', max_length=20, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='datamigrationlog',
                    name='success_records',
                    field=models.BigIntegerField(db_default=0, verbose_name='rows stored'),
                ),
                migrations.AlterField(
                    model_name='datamigrationlog',
                    name='total_records',
                    field=models.BigIntegerField(db_default=0, verbose_name='rows in all'),
                ),
                migrations.AlterField(
                    model_name='erasedperson',
                    name='uid',
                    field=models.BigIntegerField(unique=True, verbose_name='user ID'),
                ),
                migrations.AlterField(
                    model_name='eventcount',
                    name='count',
                    field=models.BigIntegerField(db_default=0, verbose_name='count'),
                ),
                migrations.AlterField(
                    model_name='eventcount',
                    name='name',
                    field=models.TextField(db_default='', verbose_name='command or reason'),
                ),
                migrations.AlterField(
                    model_name='eventcount',
                    name='outcome',
                    field=models.TextField(choices=[('received', 'Received'), ('stored', 'Stored'), ('duplicate', 'Duplicate'), ('sampled', 'Sampled'), ('ignored', 'Ignored'), ('rejected', 'Rejected'), ('undecodable', 'Undecodable')], verbose_name='outcome'),
                ),
                migrations.AlterField(
                    model_name='eventcount',
                    name='room_id',
                    field=models.BigIntegerField(verbose_name='room number'),
                ),
                migrations.AlterField(
                    model_name='gaugeminute',
                    name='high',
                    field=models.BigIntegerField(verbose_name='highest'),
                ),
                migrations.AlterField(
                    model_name='gaugeminute',
                    name='last',
                    field=models.BigIntegerField(verbose_name='last value'),
                ),
                migrations.AlterField(
                    model_name='gaugeminute',
                    name='last_at',
                    field=models.DateTimeField(verbose_name='last value at'),
                ),
                migrations.AlterField(
                    model_name='gaugeminute',
                    name='low',
                    field=models.BigIntegerField(verbose_name='lowest'),
                ),
                migrations.AlterField(
                    model_name='gaugeminute',
                    name='minute',
                    field=models.DateTimeField(verbose_name='minute'),
                ),
                migrations.AlterField(
                    model_name='gaugeminute',
                    name='name',
                    field=models.TextField(verbose_name='gauge'),
                ),
                migrations.AlterField(
                    model_name='gaugeminute',
                    name='room',
                    field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
                ),
                migrations.AlterField(
                    model_name='gaugeminute',
                    name='samples',
                    field=models.BigIntegerField(verbose_name='samples'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='blind_box_id',
                    field=models.BigIntegerField(null=True, verbose_name='blind box number'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='blind_box_name',
                    field=models.TextField(db_default='', verbose_name='blind box'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='blind_box_price',
                    field=models.BigIntegerField(db_default=0, verbose_name='price of the blind box in gold seeds'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='coin_type',
                    field=models.TextField(db_default='gold', verbose_name='kind of seeds'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='combo_id',
                    field=models.TextField(db_default='', verbose_name='combo'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='event_id',
                    field=live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='event ID'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='gift_id',
                    field=models.BigIntegerField(verbose_name='gift number'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='gift_name',
                    field=models.TextField(verbose_name='gift'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='gold',
                    field=models.BigIntegerField(db_default=0, verbose_name='revenue in gold seeds'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='guard_level',
                    field=models.SmallIntegerField(db_default=0, verbose_name='guard level'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='is_backpack',
                    field=models.BooleanField(db_default=False, verbose_name='from the backpack'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='medal_level',
                    field=models.IntegerField(db_default=0, verbose_name='fan medal level'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='medal_name',
                    field=models.TextField(null=True, verbose_name='fan medal'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='num',
                    field=models.BigIntegerField(db_default=1, verbose_name='number'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='parser_version',
                    field=models.SmallIntegerField(db_default=1, verbose_name='parser version'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='price',
                    field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(coin_type='gold', then=models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('unit_coin'), '/', models.Value(1000.0)), output_field=models.DecimalField(decimal_places=2, max_digits=20))), default=models.Value(0.0), output_field=models.DecimalField(decimal_places=2, max_digits=20)), output_field=models.DecimalField(decimal_places=2, max_digits=20), verbose_name='price of one in CNY'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='received_at',
                    field=models.DateTimeField(verbose_name='received at'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='receiver_name',
                    field=models.TextField(db_default='', verbose_name='receiver'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='receiver_uid',
                    field=models.BigIntegerField(null=True, verbose_name="receiver's user ID"),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='room',
                    field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='stored_at',
                    field=models.DateTimeField(db_column='created_at', db_default=django.db.models.functions.datetime.Now(), verbose_name='stored at'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='tid',
                    field=models.TextField(db_default='', verbose_name='transaction'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='timestamp',
                    field=models.DateTimeField(verbose_name='time'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='total_coin',
                    field=models.BigIntegerField(db_default=0, verbose_name='price in seeds'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='total_price',
                    field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(coin_type='gold', then=models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('total_coin'), '/', models.Value(1000.0)), output_field=models.DecimalField(decimal_places=2, max_digits=20))), default=models.Value(0.0), output_field=models.DecimalField(decimal_places=2, max_digits=20)), output_field=models.DecimalField(decimal_places=2, max_digits=20), verbose_name='price in CNY'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='uid',
                    field=models.BigIntegerField(null=True, verbose_name='user ID'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='unit_coin',
                    field=models.BigIntegerField(db_default=0, verbose_name='price of one in seeds'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='username',
                    field=models.TextField(verbose_name='user name'),
                ),
                migrations.AlterField(
                    model_name='giftdata',
                    name='wealth_level',
                    field=models.SmallIntegerField(db_default=0, verbose_name='wealth level'),
                ),
                migrations.AlterField(
                    model_name='guardpurchase',
                    name='event_id',
                    field=live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='event ID'),
                ),
                migrations.AlterField(
                    model_name='guardpurchase',
                    name='gold',
                    field=models.BigIntegerField(verbose_name='revenue in gold seeds'),
                ),
                migrations.AlterField(
                    model_name='guardpurchase',
                    name='guard_level',
                    field=models.SmallIntegerField(verbose_name='guard level'),
                ),
                migrations.AlterField(
                    model_name='guardpurchase',
                    name='num',
                    field=models.BigIntegerField(verbose_name='number'),
                ),
                migrations.AlterField(
                    model_name='guardpurchase',
                    name='payflow_id',
                    field=models.TextField(db_default='', verbose_name='payment'),
                ),
                migrations.AlterField(
                    model_name='guardpurchase',
                    name='room',
                    field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
                ),
                migrations.AlterField(
                    model_name='guardpurchase',
                    name='timestamp',
                    field=models.DateTimeField(verbose_name='time'),
                ),
                migrations.AlterField(
                    model_name='guardpurchase',
                    name='uid',
                    field=models.BigIntegerField(null=True, verbose_name='user ID'),
                ),
                migrations.AlterField(
                    model_name='guardpurchase',
                    name='unit',
                    field=models.TextField(db_default='', verbose_name='unit'),
                ),
                migrations.AlterField(
                    model_name='guardpurchase',
                    name='username',
                    field=models.TextField(verbose_name='user name'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='event_id',
                    field=live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='event ID'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='guard_level',
                    field=models.SmallIntegerField(verbose_name='guard level'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='num',
                    field=models.BigIntegerField(verbose_name='number'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='op_type',
                    field=models.IntegerField(db_default=0, verbose_name='operation'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='parser_version',
                    field=models.SmallIntegerField(db_default=1, verbose_name='parser version'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='payflow_id',
                    field=models.TextField(db_default='', verbose_name='payment'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='price',
                    field=models.BigIntegerField(verbose_name='price in gold seeds'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='received_at',
                    field=models.DateTimeField(verbose_name='received at'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='report',
                    field=models.TextField(verbose_name='kind of report'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='role_name',
                    field=models.TextField(db_default='', verbose_name='role'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='room',
                    field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='source',
                    field=models.IntegerField(db_default=0, verbose_name='source'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='stored_at',
                    field=models.DateTimeField(db_column='created_at', db_default=django.db.models.functions.datetime.Now(), verbose_name='stored at'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='timestamp',
                    field=models.DateTimeField(verbose_name='time'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='uid',
                    field=models.BigIntegerField(null=True, verbose_name='user ID'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='unit',
                    field=models.TextField(db_default='', verbose_name='unit'),
                ),
                migrations.AlterField(
                    model_name='guardreportdata',
                    name='username',
                    field=models.TextField(verbose_name='user name'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='event_id',
                    field=live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='event ID'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='guard_level',
                    field=models.SmallIntegerField(db_default=0, verbose_name='guard level'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='medal_level',
                    field=models.IntegerField(db_default=0, verbose_name='fan medal level'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='medal_name',
                    field=models.TextField(null=True, verbose_name='fan medal'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='msg_type',
                    field=models.IntegerField(verbose_name='type of interaction'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='parser_version',
                    field=models.SmallIntegerField(db_default=1, verbose_name='parser version'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='received_at',
                    field=models.DateTimeField(verbose_name='received at'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='room',
                    field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='stored_at',
                    field=models.DateTimeField(db_column='created_at', db_default=django.db.models.functions.datetime.Now(), verbose_name='stored at'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='timestamp',
                    field=models.DateTimeField(verbose_name='time'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='uid',
                    field=models.BigIntegerField(null=True, verbose_name='user ID'),
                ),
                migrations.AlterField(
                    model_name='interactiondata',
                    name='username',
                    field=models.TextField(verbose_name='user name'),
                ),
                migrations.AlterField(
                    model_name='journalposition',
                    name='collector',
                    field=models.TextField(unique=True, verbose_name='collector'),
                ),
                migrations.AlterField(
                    model_name='journalposition',
                    name='damaged_at',
                    field=models.BigIntegerField(null=True, verbose_name='damaged entry met at (bytes)'),
                ),
                migrations.AlterField(
                    model_name='journalposition',
                    name='hole_from',
                    field=models.BigIntegerField(null=True, verbose_name='hole from (bytes)'),
                ),
                migrations.AlterField(
                    model_name='journalposition',
                    name='hole_stream_id',
                    field=models.TextField(db_default='', verbose_name='log entry behind the hole'),
                ),
                migrations.AlterField(
                    model_name='journalposition',
                    name='position',
                    field=models.BigIntegerField(db_default=0, verbose_name='position (bytes)'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='area_name',
                    field=models.TextField(db_default='', verbose_name='area'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='as_of',
                    field=models.DateTimeField(null=True, verbose_name='as of'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='created_at',
                    field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created at'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='face',
                    field=models.TextField(null=True, verbose_name='avatar'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='online',
                    field=models.BigIntegerField(db_default=0, verbose_name='popularity'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='parent_area_name',
                    field=models.TextField(db_default='', verbose_name='parent area'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='room_id',
                    field=models.BigIntegerField(unique=True, verbose_name='room number'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='short_id',
                    field=models.BigIntegerField(db_default=0, verbose_name='short number'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='status',
                    field=models.IntegerField(choices=[(0, 'Offline'), (1, 'Live'), (2, 'Replay')], db_default=0, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='title',
                    field=models.TextField(db_default='', verbose_name='title'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='uid',
                    field=models.BigIntegerField(null=True, verbose_name="streamer's user ID"),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='uname',
                    field=models.TextField(db_default='', verbose_name='streamer'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='updated_at',
                    field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='updated at'),
                ),
                migrations.AlterField(
                    model_name='minutecount',
                    name='danmaku',
                    field=models.BigIntegerField(db_default=0, verbose_name='danmaku'),
                ),
                migrations.AlterField(
                    model_name='minutecount',
                    name='gift_gold',
                    field=models.BigIntegerField(db_default=0, verbose_name='gold seeds from gifts'),
                ),
                migrations.AlterField(
                    model_name='minutecount',
                    name='gifts',
                    field=models.BigIntegerField(db_default=0, verbose_name='gifts'),
                ),
                migrations.AlterField(
                    model_name='minutecount',
                    name='gold',
                    field=models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('gift_gold'), '+', models.F('super_chat_gold')), '+', models.F('guard_gold')), output_field=models.BigIntegerField(), verbose_name='revenue in gold seeds'),
                ),
                migrations.AlterField(
                    model_name='minutecount',
                    name='guard_gold',
                    field=models.BigIntegerField(db_default=0, verbose_name='gold seeds from guards'),
                ),
                migrations.AlterField(
                    model_name='minutecount',
                    name='guards',
                    field=models.BigIntegerField(db_default=0, verbose_name='guards'),
                ),
                migrations.AlterField(
                    model_name='minutecount',
                    name='minute',
                    field=models.DateTimeField(verbose_name='minute'),
                ),
                migrations.AlterField(
                    model_name='minutecount',
                    name='room',
                    field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
                ),
                migrations.AlterField(
                    model_name='minutecount',
                    name='super_chat_gold',
                    field=models.BigIntegerField(db_default=0, verbose_name='gold seeds from super chats'),
                ),
                migrations.AlterField(
                    model_name='minutecount',
                    name='super_chats',
                    field=models.BigIntegerField(db_default=0, verbose_name='super chats'),
                ),
                migrations.AlterField(
                    model_name='monitoringtask',
                    name='collected_danmaku',
                    field=models.BigIntegerField(db_default=0, verbose_name='danmaku collected'),
                ),
                migrations.AlterField(
                    model_name='monitoringtask',
                    name='collected_gifts',
                    field=models.BigIntegerField(db_default=0, verbose_name='gifts collected'),
                ),
                migrations.AlterField(
                    model_name='monitoringtask',
                    name='created_at',
                    field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created at'),
                ),
                migrations.AlterField(
                    model_name='monitoringtask',
                    name='end_time',
                    field=models.DateTimeField(null=True, verbose_name='end'),
                ),
                migrations.AlterField(
                    model_name='monitoringtask',
                    name='error_count',
                    field=models.BigIntegerField(db_default=0, verbose_name='errors'),
                ),
                migrations.AlterField(
                    model_name='monitoringtask',
                    name='last_error',
                    field=models.TextField(null=True, verbose_name='last error'),
                ),
                migrations.AlterField(
                    model_name='monitoringtask',
                    name='room_ids_json',
                    field=models.TextField(null=True, verbose_name='room numbers (JSON)'),
                ),
                migrations.AlterField(
                    model_name='monitoringtask',
                    name='start_time',
                    field=models.DateTimeField(null=True, verbose_name='start'),
                ),
                migrations.AlterField(
                    model_name='monitoringtask',
                    name='status',
                    field=models.CharField(choices=[('stopped', 'Stopped'), ('running', 'Running')], db_default='stopped', max_length=20, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='monitoringtask',
                    name='task_name',
                    field=models.CharField(max_length=100, unique=True, verbose_name='task name'),
                ),
                migrations.AlterField(
                    model_name='monitoringtask',
                    name='updated_at',
                    field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='updated at'),
                ),
                migrations.AlterField(
                    model_name='retentionfloor',
                    name='floor',
                    field=models.DateTimeField(verbose_name='earliest time kept'),
                ),
                migrations.AlterField(
                    model_name='retentionfloor',
                    name='kind',
                    field=models.TextField(unique=True, verbose_name='kind of event'),
                ),
                migrations.AlterField(
                    model_name='roomstatedata',
                    name='area_name',
                    field=models.TextField(db_default='', verbose_name='area'),
                ),
                migrations.AlterField(
                    model_name='roomstatedata',
                    name='event_id',
                    field=live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='event ID'),
                ),
                migrations.AlterField(
                    model_name='roomstatedata',
                    name='parent_area_name',
                    field=models.TextField(db_default='', verbose_name='parent area'),
                ),
                migrations.AlterField(
                    model_name='roomstatedata',
                    name='parser_version',
                    field=models.SmallIntegerField(db_default=1, verbose_name='parser version'),
                ),
                migrations.AlterField(
                    model_name='roomstatedata',
                    name='received_at',
                    field=models.DateTimeField(verbose_name='received at'),
                ),
                migrations.AlterField(
                    model_name='roomstatedata',
                    name='room',
                    field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
                ),
                migrations.AlterField(
                    model_name='roomstatedata',
                    name='stored_at',
                    field=models.DateTimeField(db_column='created_at', db_default=django.db.models.functions.datetime.Now(), verbose_name='stored at'),
                ),
                migrations.AlterField(
                    model_name='roomstatedata',
                    name='timestamp',
                    field=models.DateTimeField(verbose_name='time'),
                ),
                migrations.AlterField(
                    model_name='roomstatedata',
                    name='title',
                    field=models.TextField(db_default='', verbose_name='title'),
                ),
                migrations.AlterField(
                    model_name='roomstatedata',
                    name='value',
                    field=models.TextField(db_default='', verbose_name='value'),
                ),
                migrations.AlterField(
                    model_name='roomstatedata',
                    name='what',
                    field=models.TextField(verbose_name='what happened'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='background_color',
                    field=models.TextField(db_default='', verbose_name='background colour'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='deleted_at',
                    field=models.DateTimeField(null=True, verbose_name='taken down at'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='end_time',
                    field=models.DateTimeField(verbose_name='shown until'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='event_id',
                    field=live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='event ID'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='gold',
                    field=models.BigIntegerField(verbose_name='revenue in gold seeds'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='guard_level',
                    field=models.SmallIntegerField(db_default=0, verbose_name='guard level'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='medal_level',
                    field=models.IntegerField(db_default=0, verbose_name='fan medal level'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='medal_name',
                    field=models.TextField(null=True, verbose_name='fan medal'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='message',
                    field=models.TextField(verbose_name='text'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='message_trans',
                    field=models.TextField(db_default='', verbose_name='translation'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='parser_version',
                    field=models.SmallIntegerField(db_default=1, verbose_name='parser version'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='price',
                    field=models.BigIntegerField(verbose_name='price in CNY'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='received_at',
                    field=models.DateTimeField(verbose_name='received at'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='room',
                    field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='stored_at',
                    field=models.DateTimeField(db_column='created_at', db_default=django.db.models.functions.datetime.Now(), verbose_name='stored at'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='super_chat_id',
                    field=models.BigIntegerField(verbose_name='super chat number'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='timestamp',
                    field=models.DateTimeField(verbose_name='time'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='uid',
                    field=models.BigIntegerField(null=True, verbose_name='user ID'),
                ),
                migrations.AlterField(
                    model_name='superchatdata',
                    name='username',
                    field=models.TextField(verbose_name='user name'),
                ),
                migrations.AlterField(
                    model_name='superchatdeletiondata',
                    name='event_id',
                    field=live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name='event ID'),
                ),
                migrations.AlterField(
                    model_name='superchatdeletiondata',
                    name='parser_version',
                    field=models.SmallIntegerField(db_default=1, verbose_name='parser version'),
                ),
                migrations.AlterField(
                    model_name='superchatdeletiondata',
                    name='received_at',
                    field=models.DateTimeField(verbose_name='received at'),
                ),
                migrations.AlterField(
                    model_name='superchatdeletiondata',
                    name='room',
                    field=models.ForeignKey(db_column='room_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, to='live_data.liveroom', to_field='room_id', verbose_name='room'),
                ),
                migrations.AlterField(
                    model_name='superchatdeletiondata',
                    name='stored_at',
                    field=models.DateTimeField(db_column='created_at', db_default=django.db.models.functions.datetime.Now(), verbose_name='stored at'),
                ),
                migrations.AlterField(
                    model_name='liveroom',
                    name='is_paused',
                    field=models.BooleanField(db_default=False, verbose_name='paused'),
                ),
                migrations.AlterField(
                    model_name='superchatdeletiondata',
                    name='super_chat_ids',
                    field=models.JSONField(verbose_name='super chats taken down'),
                ),
                migrations.AlterField(
                    model_name='superchatdeletiondata',
                    name='timestamp',
                    field=models.DateTimeField(verbose_name='time'),
                ),
                migrations.AlterField(
                    model_name='synccursor',
                    name='incarnation',
                    field=models.TextField(db_default='', verbose_name='log incarnation'),
                ),
                migrations.AlterField(
                    model_name='synccursor',
                    name='partition',
                    field=models.IntegerField(unique=True, verbose_name='log partition'),
                ),
                migrations.AlterField(
                    model_name='synccursor',
                    name='stream_id',
                    field=models.TextField(db_default='0-0', verbose_name='log entry'),
                ),
            ],
        ),
    ]
