"""What people did in a room, summed up to a day. It begins with nothing: no room has summed days yet, and the
scheduler sums them in its idle turns."""

import django.db.models.deletion
from django.db import migrations, models

_COUNTS = {
    "danmaku": "danmaku",
    "gifts": "gifts",
    "super_chats": "super chats",
    "guards": "guards",
    "gift_gold": "gold seeds from gifts",
    "super_chat_gold": "gold seeds from super chats",
    "guard_gold": "gold seeds from guards",
}


class Migration(migrations.Migration):

    dependencies = [("live_data", "0023_room_for_updates")]

    operations = [
        migrations.CreateModel(
            name="SummedDays",
            fields=[
                (
                    "room",
                    models.OneToOneField(
                        db_column="room_id",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="live_data.liveroom",
                        to_field="room_id",
                        verbose_name="room",
                    ),
                ),
                ("before", models.DateField(verbose_name="summed before")),
            ],
            options={
                "verbose_name": "summed days",
                "verbose_name_plural": "summed days",
                "db_table": "live_data_summeddays",
                "indexes": [models.Index(fields=["before"], name="idx_summed_days_before")],
            },
        ),
        # Without a new table for each column, as Django has it on SQLite: no row is written.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER TABLE live_data_personroom ADD COLUMN {column} bigint DEFAULT 0 NOT NULL",
                    f"ALTER TABLE live_data_personroom DROP COLUMN {column}",
                )
                for column in _COUNTS
            ],
            state_operations=[
                migrations.AddField("personroom", column, models.BigIntegerField(db_default=0, verbose_name=name))
                for column, name in _COUNTS.items()
            ],
        ),
    ]
