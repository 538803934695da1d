"""When a room is connected; how it described itself over time, beginning with what is known now."""

import django.db.models.deletion
from django.db import migrations, models

TEXTS = ("title", "uname", "area_name", "parent_area_name")


def begin(apps, schema_editor):
    alias = schema_editor.connection.alias
    room, description = apps.get_model("live_data", "LiveRoom"), apps.get_model("live_data", "RoomDescription")
    known = room.objects.using(alias).exclude(as_of=None).values("room_id", "as_of", "face", *TEXTS)
    description.objects.using(alias).bulk_create(
        [
            description(
                room_id=row["room_id"],
                since=row["as_of"],
                face=row["face"] or "",
                **{name: row[name] for name in TEXTS},
            )
            for row in known.iterator()
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):

    dependencies = [("live_data", "0006_red_packet")]

    operations = [
        migrations.AddField(
            "liveroom",
            "connect_when",
            models.TextField(
                choices=[("always", "Always"), ("live", "Only while it is live")],
                db_default="always",
                verbose_name="connected",
            ),
        ),
        migrations.AddField("liveroom", "cover", models.TextField(db_default="", verbose_name="cover")),
        migrations.AddField(
            "liveroom", "followers", models.BigIntegerField(db_default=0, verbose_name="followers")
        ),
        migrations.CreateModel(
            "RoomDescription",
            [
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("since", models.DateTimeField(verbose_name="since")),
                ("title", models.TextField(db_default="", verbose_name="title")),
                ("uname", models.TextField(db_default="", verbose_name="streamer")),
                ("area_name", models.TextField(db_default="", verbose_name="area")),
                ("parent_area_name", models.TextField(db_default="", verbose_name="parent area")),
                ("cover", models.TextField(db_default="", verbose_name="cover")),
                ("face", models.TextField(db_default="", verbose_name="avatar")),
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
                "verbose_name": "description of a room",
                "verbose_name_plural": "descriptions of rooms",
                "db_table": "live_data_roomdescription",
                "constraints": [
                    models.UniqueConstraint(fields=["room", "since"], name="room_description_once")
                ],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop, elidable=True),
    ]
