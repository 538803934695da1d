"""Revenue of a minute by kind, filled in from the rows; the total becomes their sum."""

from collections import Counter

from django.db import migrations, models
from django.db.models import F

_KINDS = {"gift_gold": "GiftData", "super_chat_gold": "SuperChatData", "guard_gold": "GuardPurchase"}


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    counts = apps.get_model("live_data", "MinuteCount").objects.using(alias)
    for column, name in _KINDS.items():
        paid = apps.get_model("live_data", name).objects.using(alias).exclude(gold=0).order_by()
        sums = Counter()
        for room_id, at, gold in paid.values_list("room_id", "timestamp", "gold").iterator(10_000):
            sums[room_id, at.replace(second=0, microsecond=0)] += gold
        for (room_id, minute), gold in sums.items():
            counts.filter(room_id=room_id, minute=minute).update(**{column: gold})


class Migration(migrations.Migration):

    dependencies = [("live_data", "0001_initial")]

    operations = [
        *(
            migrations.AddField("minutecount", column, models.BigIntegerField(db_default=0))
            for column in _KINDS
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveField("minutecount", "gold"),
        migrations.AddField(
            "minutecount",
            "gold",
            models.GeneratedField(
                expression=F("gift_gold") + F("super_chat_gold") + F("guard_gold"),
                output_field=models.BigIntegerField(),
                db_persist=True,
            ),
        ),
    ]
