"""Rollups by minute. Derived: rebuilt from the rows at any time."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from live_data.models.rooms import LiveRoom


class MinuteCount(models.Model):
    """What a room had in one minute of events' own time; mirrored danmaku are in no count."""

    room = models.ForeignKey(
        LiveRoom,
        to_field="room_id",
        db_column="room_id",
        db_index=False,
        on_delete=models.PROTECT,
        verbose_name=_("room"),
    )
    minute = models.DateTimeField(_("minute"))  #: its beginning
    danmaku = models.BigIntegerField(_("danmaku"), db_default=0)
    gifts = models.BigIntegerField(_("gifts"), db_default=0)  #: lines
    super_chats = models.BigIntegerField(_("super chats"), db_default=0)
    guards = models.BigIntegerField(_("guards"), db_default=0)  #: purchases
    gift_gold = models.BigIntegerField(_("gold seeds from gifts"), db_default=0)  #: revenue, as the next two
    super_chat_gold = models.BigIntegerField(_("gold seeds from super chats"), db_default=0)
    guard_gold = models.BigIntegerField(_("gold seeds from guards"), db_default=0)
    gold = models.GeneratedField(  #: revenue of all kinds
        verbose_name=_("revenue in gold seeds"),
        expression=F("gift_gold") + F("super_chat_gold") + F("guard_gold"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        db_table = "live_data_minutecount"
        verbose_name = _("count of a minute")
        verbose_name_plural = _("counts by minute")
        constraints = [models.UniqueConstraint(fields=["room", "minute"], name="minute_count_once")]
        indexes = [models.Index(fields=["minute"], name="idx_minute_count_minute")]

    def __str__(self) -> str:
        return f"{self.room_id} {self.minute:%Y-%m-%d %H:%M}"


class GaugeMinute(models.Model):
    """What a gauge showed within one minute."""

    room = models.ForeignKey(
        LiveRoom,
        to_field="room_id",
        db_column="room_id",
        db_index=False,
        on_delete=models.PROTECT,
        verbose_name=_("room"),
    )
    minute = models.DateTimeField(_("minute"))
    name = models.TextField(_("gauge"))  #: "ranked", "online", "watched"
    low = models.BigIntegerField(_("lowest"))
    high = models.BigIntegerField(_("highest"))
    last = models.BigIntegerField(_("last value"))
    last_at = models.DateTimeField(_("last value at"))
    samples = models.BigIntegerField(_("samples"))

    class Meta:
        db_table = "live_data_gaugeminute"
        verbose_name = _("gauge of a minute")
        verbose_name_plural = _("gauges by minute")
        constraints = [models.UniqueConstraint(fields=["room", "minute", "name"], name="gauge_minute_once")]

    def __str__(self) -> str:
        return f"{self.room_id} {self.name} {self.minute:%Y-%m-%d %H:%M}"
