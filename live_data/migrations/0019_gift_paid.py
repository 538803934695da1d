"""Who paid in a stretch of time over all rooms, in one index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("live_data", "0018_minute_gold")]

    operations = [
        migrations.AddIndex(
            model_name="giftdata",
            index=models.Index(
                condition=models.Q(("gold__gt", 0)), fields=["event_id", "uid", "gold"], name="idx_gift_paid"
            ),
        ),
    ]
