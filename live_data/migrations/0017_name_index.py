"""The index of names of people. What is stored already is filled in afterwards, by the scheduler."""

from django.db import migrations, models

_CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE live_data_nameindex USING fts5("
        "tokens, content='', detail=none, columnsize=0, tokenize='ascii')",
        # Segments are merged by eight instead of by four: less is written again and again.
        "INSERT INTO live_data_nameindex(live_data_nameindex, rank) VALUES ('automerge', 8)",
    ),
    "postgresql": (
        "CREATE TABLE live_data_nameindex (docid bigint PRIMARY KEY, tokens text[] NOT NULL)",
        "CREATE INDEX idx_nameindex_tokens ON live_data_nameindex USING gin (tokens)",
    ),
}


def create(_apps, schema_editor):
    for statement in _CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(_apps, schema_editor):
    schema_editor.execute("DROP TABLE live_data_nameindex")


class Migration(migrations.Migration):

    dependencies = [("live_data", "0016_copy")]

    operations = [
        migrations.CreateModel(
            name="NameFilling",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False),
                ),
                ("filled_to", models.BigIntegerField(verbose_name="filled to")),
            ],
            options={
                "verbose_name": "filling of the index of names",
                "verbose_name_plural": "filling of the index of names",
                "db_table": "live_data_namefilling",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="name_filling_once")
                ],
            },
        ),
        migrations.RunPython(create, drop),
    ]
