"""Rollups by minute. Derived: rebuilt from the rows at any time."""

from django.db import models
from django.db.models import F

from live_data.models.rooms import LiveRoom


class MinuteCount(models.Model):
    """What a room had in one minute of events' own time; mirrored danmaku are in no count."""

    room = models.ForeignKey(
        LiveRoom, to_field="room_id", db_column="room_id", db_index=False, on_delete=models.PROTECT
    )
    minute = models.DateTimeField()  #: its beginning
    danmaku = models.BigIntegerField(db_default=0)
    gifts = models.BigIntegerField(db_default=0)  #: lines
    super_chats = models.BigIntegerField(db_default=0)
    guards = models.BigIntegerField(db_default=0)  #: purchases
    gift_gold = models.BigIntegerField(db_default=0)  #: revenue, as the next two
    super_chat_gold = models.BigIntegerField(db_default=0)
    guard_gold = models.BigIntegerField(db_default=0)
    gold = models.GeneratedField(  #: revenue of all kinds
        expression=F("gift_gold") + F("super_chat_gold") + F("guard_gold"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        db_table = "live_data_minutecount"
        constraints = [models.UniqueConstraint(fields=["room", "minute"], name="minute_count_once")]
        indexes = [models.Index(fields=["minute"], name="idx_minute_count_minute")]


class GaugeMinute(models.Model):
    """What a gauge showed within one minute."""

    room = models.ForeignKey(
        LiveRoom, to_field="room_id", db_column="room_id", db_index=False, on_delete=models.PROTECT
    )
    minute = models.DateTimeField()
    name = models.TextField()  #: "ranked", "online", "watched"
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    last = models.BigIntegerField()
    last_at = models.DateTimeField()
    samples = models.BigIntegerField()

    class Meta:
        db_table = "live_data_gaugeminute"
        constraints = [models.UniqueConstraint(fields=["room", "minute", "name"], name="gauge_minute_once")]
