"""Whose copy a database is, and whether it is complete."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("live_data", "0015_search")]

    operations = [
        migrations.CreateModel(
            name="DatabaseCopy",
            fields=[
                ("id", models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("source", models.TextField(verbose_name="source")),
                ("begun_at", models.DateTimeField(verbose_name="begun at")),
                ("completed_at", models.DateTimeField(null=True, verbose_name="completed at")),
            ],
            options={
                "verbose_name": "copy of a database",
                "verbose_name_plural": "copies of databases",
                "db_table": "live_data_databasecopy",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="database_copy_once")
                ],
            },
        ),
    ]
