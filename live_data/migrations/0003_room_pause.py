"""A room can be paused: it stays in its tasks and is not watched."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("live_data", "0002_gold_by_kind")]

    operations = [migrations.AddField("liveroom", "is_paused", models.BooleanField(db_default=False))]
