"""Danmaku by person: on SQLite, what is said now is written together. PostgreSQL keeps its index."""

from django.db import migrations

from live_data.models.person_index import PersonIndex

_INDEX = PersonIndex(name="idx_danmaku_uid")


def divide(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP INDEX idx_danmaku_uid")
        schema_editor.add_index(apps.get_model("live_data", "DanmakuData"), _INDEX)


def join(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP INDEX idx_danmaku_uid")
        schema_editor.execute("CREATE INDEX idx_danmaku_uid ON live_data_danmakudata (uid)")


class Migration(migrations.Migration):

    dependencies = [("live_data", "0021_person_room")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(divide, join)],
            state_operations=[
                migrations.RemoveIndex(model_name="danmakudata", name="idx_danmaku_uid"),
                migrations.AddIndex(model_name="danmakudata", index=_INDEX),
            ],
        )
    ]
