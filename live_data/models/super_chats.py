"""Super chats (醒目留言) and their deletions."""

from django.db import models

from live_data.models.event_row import EventRow


class SuperChatData(EventRow):
    """One super chat; a deletion marks it and leaves it."""

    super_chat_id = models.BigIntegerField()
    uid = models.BigIntegerField(null=True)
    username = models.TextField()
    message = models.TextField()
    message_trans = models.TextField(db_default="")
    price = models.BigIntegerField()  #: CNY
    gold = models.BigIntegerField()  #: revenue; see live_data/revenue.py
    end_time = models.DateTimeField()
    medal_name = models.TextField(null=True)
    medal_level = models.IntegerField(db_default=0)
    guard_level = models.SmallIntegerField(db_default=0)
    background_color = models.TextField(db_default="")
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "live_data_superchatdata"
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_super_chat_room_time"),
            models.Index(fields=["room", "super_chat_id"], name="idx_super_chat_site_id"),
        ]


class SuperChatDeletionData(EventRow):
    """The site took super chats down; kept because it may arrive before what it deletes."""

    super_chat_ids = models.JSONField()

    class Meta:
        db_table = "live_data_superchatdeletiondata"
        indexes = [models.Index(fields=["room", "timestamp"], name="idx_sc_deletion_room_time")]
