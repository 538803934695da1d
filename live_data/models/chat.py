"""What people said and did in a room without paying."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from live_data.models.event_row import EventRow
from live_data.models.months import MonthlyRows
from live_data.models.person_index import PersonIndex


class DanmakuData(EventRow):
    """One chat line."""

    objects = MonthlyRows.as_manager()

    uid = models.BigIntegerField(_("user ID"), null=True)  #: null = unknown (guests see no uids)
    username = models.TextField(_("user name"))
    message = models.TextField(_("text"))
    medal_name = models.TextField(_("fan medal"), null=True)
    medal_level = models.IntegerField(_("fan medal level"), db_default=0)
    user_level = models.IntegerField(_("user level"), db_default=0)
    is_admin = models.BooleanField(_("room admin"), db_default=False)
    is_vip = models.BooleanField(_("VIP"), db_default=False)
    guard_level = models.IntegerField(_("guard level"), db_default=0)
    wealth_level = models.IntegerField(_("wealth level"), db_default=0)
    #: From a connected room: in no count.
    is_mirror = models.BooleanField(_("from a connected room"), db_default=False)
    mode = models.IntegerField(_("display mode"), db_default=1)
    color = models.IntegerField(_("colour"), db_default=0xFFFFFF)
    dm_type = models.IntegerField(_("danmaku type"), db_default=0)  #: 0 text, 1 sticker, 2 voice
    sticker_url = models.TextField(_("sticker address"), db_default="")
    emotes = models.JSONField(_("emotes in the text"), null=True)  #: {"[name]": picture URL}; null = none

    class Meta:
        db_table = "live_data_danmakudata"
        base_manager_name = "objects"  # save() asks the base manager, which is another one by default
        verbose_name = _("danmaku")
        verbose_name_plural = _("danmaku")
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_danmaku_room_timestamp"),
            PersonIndex(name="idx_danmaku_uid"),
        ]


class InteractionData(EventRow):
    """A visit (msg_type 1), follow (2), share (3), special (4) or mutual follow (5), like (6)."""

    objects = MonthlyRows.as_manager()

    uid = models.BigIntegerField(_("user ID"), null=True)
    username = models.TextField(_("user name"))
    msg_type = models.IntegerField(_("type of interaction"))
    medal_name = models.TextField(_("fan medal"), null=True)
    medal_level = models.IntegerField(_("fan medal level"), db_default=0)
    guard_level = models.IntegerField(_("guard level"), db_default=0)

    class Meta:
        db_table = "live_data_interactiondata"
        base_manager_name = "objects"  # save() asks the base manager, which is another one by default
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        indexes = [models.Index(fields=["room", "timestamp"], name="idx_interaction_room_time")]
