"""What people said and did in a room without paying."""

from django.db import models

from live_data.models.event_row import EventRow


class DanmakuData(EventRow):
    """One chat line."""

    uid = models.BigIntegerField(null=True)  #: null = unknown (guests see no uids)
    username = models.TextField()
    message = models.TextField()
    medal_name = models.TextField(null=True)
    medal_level = models.IntegerField(db_default=0)
    user_level = models.IntegerField(db_default=0)
    is_admin = models.BooleanField(db_default=False)
    is_vip = models.BooleanField(db_default=False)
    guard_level = models.SmallIntegerField(db_default=0)
    wealth_level = models.SmallIntegerField(db_default=0)
    is_mirror = models.BooleanField(db_default=False)  #: from a connected room: in no count
    mode = models.IntegerField(db_default=1)
    color = models.IntegerField(db_default=0xFFFFFF)
    dm_type = models.SmallIntegerField(db_default=0)  #: 0 text, 1 sticker, 2 voice
    sticker_url = models.TextField(db_default="")
    emotes = models.JSONField(null=True)  #: {"[name]": picture URL}; null = none

    class Meta:
        db_table = "live_data_danmakudata"
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_danmaku_room_timestamp"),
            models.Index(fields=["uid"], name="idx_danmaku_uid"),
        ]


class InteractionData(EventRow):
    """A visit (msg_type 1), follow (2), share (3), special (4) or mutual follow (5), like (6)."""

    uid = models.BigIntegerField(null=True)
    username = models.TextField()
    msg_type = models.IntegerField()
    medal_name = models.TextField(null=True)
    medal_level = models.IntegerField(db_default=0)
    guard_level = models.SmallIntegerField(db_default=0)

    class Meta:
        db_table = "live_data_interactiondata"
        indexes = [models.Index(fields=["room", "timestamp"], name="idx_interaction_room_time")]
