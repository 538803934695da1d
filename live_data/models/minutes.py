"""Rollups by minute. Derived: rebuilt from the rows at any time."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from live_data.models.counts import Counts, revenue
from live_data.models.rooms import OfRoom


class MinuteCount(OfRoom, Counts):
    """What a room had in one minute of events' own time."""

    minute = models.DateTimeField(_("minute"))  #: its beginning
    gold = revenue()

    class Meta:
        db_table = "live_data_minutecount"
        verbose_name = _("count of a minute")
        verbose_name_plural = _("counts by minute")
        constraints = [models.UniqueConstraint(fields=["room", "minute"], name="minute_count_once")]
        indexes = [
            models.Index(fields=["minute"], name="idx_minute_count_minute"),
            # One minute in five has any revenue, which pages add up over all rooms. PostgreSQL reads nothing
            # but this index; SQLite looks the rows up all the same, for `gold` is made of other columns.
            models.Index(
                fields=["minute", "room", "gift_gold", "super_chat_gold", "guard_gold"],
                condition=Q(gold__gt=0),
                name="idx_minute_count_gold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.minute:%Y-%m-%d %H:%M}"


class GaugeMinute(OfRoom):
    """What a gauge showed within one minute."""

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
