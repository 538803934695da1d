"""The rooms that people were in take the place of an index of all their days."""

import django.db.models.deletion
from django.db import migrations, models

_CHATTED = "CASE WHEN danmaku > 0 THEN day END"
_PAID = "CASE WHEN gift_gold > 0 OR super_chat_gold > 0 OR guard_gold > 0 THEN day END"


class Migration(migrations.Migration):

    dependencies = [("live_data", "0020_partitions_of_rooms")]

    operations = [
        migrations.CreateModel(
            name="PersonRoom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.BigIntegerField(verbose_name="user ID")),
                ("first_day", models.DateField(verbose_name="first day")),
                ("last_day", models.DateField(verbose_name="last day")),
                ("first_chat_day", models.DateField(null=True, verbose_name="first day with danmaku")),
                ("first_paid_day", models.DateField(null=True, verbose_name="first day with revenue")),
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
                "verbose_name": "room of a person",
                "verbose_name_plural": "rooms of people",
                "db_table": "live_data_personroom",
            },
        ),
        migrations.RunSQL(
            "INSERT INTO live_data_personroom"
            " (room_id, uid, first_day, last_day, first_chat_day, first_paid_day)"
            f" SELECT room_id, uid, MIN(day), MAX(day), MIN({_CHATTED}), MIN({_PAID})"
            " FROM live_data_personday GROUP BY room_id, uid ORDER BY room_id, uid",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="personroom",
            constraint=models.UniqueConstraint(fields=("room", "uid"), name="person_room_once"),
        ),
        migrations.AddIndex(
            model_name="personroom",
            index=models.Index(fields=["uid", "room"], name="idx_person_room_uid"),
        ),
        migrations.RemoveIndex(model_name="personday", name="idx_person_day_uid"),
    ]
