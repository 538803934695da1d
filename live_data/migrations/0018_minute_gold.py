"""What pages add up of the revenue of many minutes and rooms, in one index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("live_data", "0017_name_index")]

    operations = [
        migrations.AddIndex(
            model_name="minutecount",
            index=models.Index(
                condition=models.Q(("gold__gt", 0)),
                fields=["minute", "room", "gift_gold", "super_chat_gold", "guard_gold"],
                name="idx_minute_count_gold",
            ),
        ),
    ]
