"""Super chats (醒目留言) and their deletions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from live_data.models.event_row import EventRow


class SuperChatData(EventRow):
    """One super chat; a deletion marks it and leaves it."""

    super_chat_id = models.BigIntegerField(_("super chat number"))
    uid = models.BigIntegerField(_("user ID"), null=True)
    username = models.TextField(_("user name"))
    message = models.TextField(_("text"))
    message_trans = models.TextField(_("translation"), db_default="")
    price = models.BigIntegerField(_("price in CNY"))  #: CNY
    gold = models.BigIntegerField(_("revenue in gold seeds"))  #: revenue; see live_data/revenue.py
    end_time = models.DateTimeField(_("shown until"))
    medal_name = models.TextField(_("fan medal"), null=True)
    medal_level = models.IntegerField(_("fan medal level"), db_default=0)
    guard_level = models.IntegerField(_("guard level"), db_default=0)
    background_color = models.TextField(_("background colour"), db_default="")
    deleted_at = models.DateTimeField(_("taken down at"), null=True)

    class Meta:
        db_table = "live_data_superchatdata"
        verbose_name = _("super chat")
        verbose_name_plural = _("super chats")
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_super_chat_room_time"),
            models.Index(fields=["room", "super_chat_id"], name="idx_super_chat_site_id"),
            models.Index(fields=["uid"], name="idx_super_chat_uid"),
        ]


class SuperChatDeletionData(EventRow):
    """The site took super chats down; kept because it may arrive before what it deletes."""

    super_chat_ids = models.JSONField(_("super chats taken down"))

    class Meta:
        db_table = "live_data_superchatdeletiondata"
        verbose_name = _("super chat deletion")
        verbose_name_plural = _("super chat deletions")
        indexes = [models.Index(fields=["room", "timestamp"], name="idx_sc_deletion_room_time")]
