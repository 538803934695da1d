"""Gifts by room and day. What is stored already comes in by `manage.py rebuild_rollups`; until then pages
add up the lines."""

import django.db.models.deletion
from django.db import migrations, models


def ask_for_a_rebuild(apps, schema_editor):
    alias = schema_editor.connection.alias
    if apps.get_model("live_data", "GiftData").objects.using(alias).exists():
        apps.get_model("live_data", "RollupCalendar").objects.using(alias).update(is_whole=False)


def leave_room(_apps, schema_editor):
    """As 0023 does."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE live_data_giftday SET (fillfactor = 80)")


class Migration(migrations.Migration):

    dependencies = [("live_data", "0024_summed_days")]

    operations = [
        migrations.CreateModel(
            name="GiftDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("sort", models.SmallIntegerField(verbose_name="sort")),
                ("is_box", models.BooleanField(verbose_name="blind box")),
                ("number", models.BigIntegerField(verbose_name="gift number")),
                ("name", models.TextField(verbose_name="gift")),
                ("lines", models.BigIntegerField(db_default=0, verbose_name="lines")),
                ("num", models.BigIntegerField(db_default=0, verbose_name="number")),
                ("coins", models.BigIntegerField(db_default=0, verbose_name="price in seeds")),
                ("gold", models.BigIntegerField(db_default=0, verbose_name="revenue in gold seeds")),
                (
                    "revealed",
                    models.BigIntegerField(db_default=0, verbose_name="worth of what came out, in gold seeds"),
                ),
                (
                    "room",
                    models.ForeignKey(
                        db_column="room_id",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="live_data.liveroom",
                        to_field="room_id",
                        verbose_name="room",
                    ),
                ),
            ],
            options={
                "verbose_name": "day of a gift in a room",
                "verbose_name_plural": "days of gifts in rooms",
                "db_table": "live_data_giftday",
                "indexes": [models.Index(fields=["day"], name="idx_gift_day_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("room", "day", "sort", "is_box", "number", "name"), name="gift_day_once"
                    )
                ],
            },
        ),
        migrations.RunPython(leave_room, migrations.RunPython.noop),
        migrations.RunPython(ask_for_a_rebuild, migrations.RunPython.noop),
    ]
