"""News of the protocol, and what a room's event says besides."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("live_data", "0004_names")]

    operations = [
        migrations.AddField(
            "roomstatedata", "detail", models.TextField(db_default="", verbose_name="detail")
        ),
        migrations.AddField(
            "roomstatedata", "uid", models.BigIntegerField(null=True, verbose_name="user ID")
        ),
        migrations.CreateModel(
            "ProtocolNews",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("unknown command", "Unknown command"),
                            ("changed shape", "Changed shape"),
                            ("rejected", "Rejected"),
                        ],
                        verbose_name="kind",
                    ),
                ),
                ("name", models.TextField(verbose_name="command, and what is new about it")),
                ("first_seen", models.DateTimeField(verbose_name="first seen")),
                ("last_seen", models.DateTimeField(verbose_name="last seen")),
                ("count", models.BigIntegerField(db_default=0, verbose_name="count")),
                ("sample", models.TextField(db_default="", verbose_name="redacted sample")),
                ("parser_version", models.IntegerField(verbose_name="parser version")),
            ],
            options={
                "db_table": "live_data_protocolnews",
                "verbose_name": "news of the protocol",
                "verbose_name_plural": "news of the protocol",
                "constraints": [models.UniqueConstraint(fields=["kind", "name"], name="protocol_news_once")],
            },
        ),
    ]
