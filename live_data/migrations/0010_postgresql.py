"""What only PostgreSQL needs: danmaku and interactions in months, and room for levels beyond 16 bits.

SQLite knows one type of whole numbers, and keeps its tables as they are.
"""

from django.db import migrations, models

_MONTHLY = ("live_data_danmakudata", "live_data_interactiondata")
_WIDER = {
    "danmakudata": {
        "guard_level": models.IntegerField(db_default=0, verbose_name="guard level"),
        "wealth_level": models.IntegerField(db_default=0, verbose_name="wealth level"),
        "dm_type": models.IntegerField(db_default=0, verbose_name="danmaku type"),
    },
    "giftdata": {
        "guard_level": models.IntegerField(db_default=0, verbose_name="guard level"),
        "wealth_level": models.IntegerField(db_default=0, verbose_name="wealth level"),
    },
    "guardpurchase": {"guard_level": models.IntegerField(verbose_name="guard level")},
    "guardreportdata": {"guard_level": models.IntegerField(verbose_name="guard level")},
    "interactiondata": {"guard_level": models.IntegerField(db_default=0, verbose_name="guard level")},
    "superchatdata": {"guard_level": models.IntegerField(db_default=0, verbose_name="guard level")},
}


def widen(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, columns in _WIDER.items():
            for column in columns:
                schema_editor.execute(f"ALTER TABLE live_data_{table} ALTER COLUMN {column} TYPE integer")


def divide(_apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        for table in _MONTHLY:
            if not _is_divided(connection, table):  # going back leaves it so
                for statement in _division(table, _indexes(connection, table)):
                    schema_editor.execute(statement)


def _is_divided(connection, table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relkind = 'p' FROM pg_class WHERE oid = %s::regclass", [table])
        return cursor.fetchone()[0]


def _indexes(connection, table):
    """Those that are more than a key, as statements that make them again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname LIKE 'idx%%'", [table]
        )
        return dict(cursor.fetchall())


def _division(table, indexes):
    """Nothing is moved: no version before this one could write to a PostgreSQL."""
    sequence = f"{table}_id_seq"
    yield f"ALTER TABLE {table} RENAME TO {table}_whole"
    yield f"ALTER TABLE {table}_whole ALTER COLUMN id DROP IDENTITY"
    yield f"CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS) PARTITION BY RANGE (event_id)"
    yield f"DROP TABLE {table}_whole"
    yield f"CREATE SEQUENCE {sequence} OWNED BY {table}.id"
    yield f"ALTER TABLE {table} ALTER COLUMN id SET DEFAULT nextval('{sequence}')"
    yield f"ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY (event_id)"
    yield (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_room_fk FOREIGN KEY (room_id)"
        " REFERENCES live_data_liveroom (room_id) DEFERRABLE INITIALLY DEFERRED"
    )
    yield f"CREATE INDEX {table}_id ON {table} (id)"
    yield from indexes.values()


class Migration(migrations.Migration):

    dependencies = [("live_data", "0009_dead_letter")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(model, name, field)
                for model, columns in _WIDER.items()
                for name, field in columns.items()
            ],
            database_operations=[migrations.RunPython(widen, migrations.RunPython.noop)],
        ),
        migrations.AlterModelOptions(
            "danmakudata",
            {"verbose_name": "danmaku", "verbose_name_plural": "danmaku", "base_manager_name": "objects"},
        ),
        migrations.AlterModelOptions(
            "interactiondata",
            {
                "verbose_name": "interaction",
                "verbose_name_plural": "interactions",
                "base_manager_name": "objects",
            },
        ),
        migrations.RunPython(divide, migrations.RunPython.noop),
    ]
