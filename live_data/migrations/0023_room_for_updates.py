"""PostgreSQL leaves room in the pages of what is added to again and again: a new version of a row in the same
page needs no new entry in any index."""

from django.db import migrations

_TABLES = ("personday", "personroom", "personname", "minutecount")


def leave_room(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in _TABLES:
            schema_editor.execute(f"ALTER TABLE live_data_{table} SET (fillfactor = 80)")


def leave_none(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in _TABLES:
            schema_editor.execute(f"ALTER TABLE live_data_{table} RESET (fillfactor)")


class Migration(migrations.Migration):

    dependencies = [("live_data", "0022_person_index")]

    operations = [migrations.RunPython(leave_room, leave_none)]
