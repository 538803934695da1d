"""Readings of clocks; until when a collector was heard; indexes by which spans find their neighbours."""

from django.db import migrations, models

import live_data.models.event_row


class Migration(migrations.Migration):

    dependencies = [("live_data", "0007_room_life")]

    operations = [
        migrations.CreateModel(
            name="ClockReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", live_data.models.event_row.EventIdField(max_length=16, unique=True, verbose_name="event ID")),
                ("timestamp", models.DateTimeField(db_index=True, verbose_name="time")),
                ("collector", models.TextField(verbose_name="collector")),
                ("kind", models.TextField(choices=[("step", "set, or slept"), ("offset", "compared with the site's")], verbose_name="kind")),
                ("ms", models.BigIntegerField(verbose_name="milliseconds")),
                ("uncertain_ms", models.BigIntegerField(db_default=0, verbose_name="uncertainty (ms)")),
            ],
            options={
                "verbose_name": "clock reading",
                "verbose_name_plural": "clock readings",
                "db_table": "live_data_clockreading",
            },
        ),
        migrations.AddField(
            "journalposition", "heard_at", models.DateTimeField(null=True, verbose_name="last heard of at")
        ),
        migrations.AddIndex(
            "coveragespan", models.Index(fields=["room", "received_at"], name="idx_coverage_room_noted")
        ),
        migrations.AddIndex("coveragespan", models.Index(fields=["room", "end"], name="idx_coverage_room_end")),
    ]
