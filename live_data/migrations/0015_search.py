"""The search index. What is stored already is filled in afterwards, by the scheduler or `rebuild_search`."""

from django.db import migrations, models

_BEHIND_ALL = 2**63 - 1  # a docid that no event has
_CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE live_data_searchindex USING fts5("
        "tokens, content='', detail=none, columnsize=0, tokenize='ascii')",
        # Segments are merged by eight instead of by four: less is written again and again.
        "INSERT INTO live_data_searchindex(live_data_searchindex, rank) VALUES ('automerge', 8)",
    ),
    "postgresql": (
        "CREATE TABLE live_data_searchindex (docid bigint PRIMARY KEY, tokens text[] NOT NULL)",
        "CREATE INDEX idx_searchindex_tokens ON live_data_searchindex USING gin (tokens)",
    ),
}


def create(apps, schema_editor):
    connection = schema_editor.connection
    for statement in _CREATE[connection.vendor]:
        schema_editor.execute(statement)
    tables = (apps.get_model("live_data", name) for name in ("DanmakuData", "SuperChatData"))
    if any(table.objects.using(connection.alias).exists() for table in tables):
        filling = apps.get_model("live_data", "SearchFilling").objects.using(connection.alias)
        filling.create(filled_from=_BEHIND_ALL)


def drop(_apps, schema_editor):
    schema_editor.execute("DROP TABLE live_data_searchindex")


class Migration(migrations.Migration):

    dependencies = [("live_data", "0014_sessions")]

    operations = [
        migrations.CreateModel(
            name="SearchFilling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("filled_from", models.BigIntegerField(verbose_name="filled from")),
            ],
            options={
                "verbose_name": "filling of the search index",
                "verbose_name_plural": "filling of the search index",
                "db_table": "live_data_searchfilling",
            },
        ),
        migrations.RunPython(create, drop),
    ]
