"""Rollup of gifts by day. Derived: rebuilt from the rows at any time (`manage.py rebuild_rollups`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from live_data.models.rooms import OfRoom

#: The columns that are sums, as the rollup writes them.
GIFT_SUMS = ("lines", "num", "coins", "gold", "revealed")

#: Characters of a name that are kept: PostgreSQL has an index of no text of three thousand bytes.
NAME_LENGTH = 100


class GiftDay(OfRoom):
    """What a room got of one gift, or of one blind box, in one day of statistics, under one of its names."""

    day = models.DateField(_("day"))
    #: Why its lines are revenue or none: a place in live_data.revenue.SORTS.
    sort = models.SmallIntegerField(_("sort"))
    is_box = models.BooleanField(_("blind box"))
    number = models.BigIntegerField(_("gift number"))  #: of a box its own, not that of what was in it
    name = models.TextField(_("gift"))  #: its first NAME_LENGTH characters
    lines = models.BigIntegerField(_("lines"), db_default=0)
    num = models.BigIntegerField(_("number"), db_default=0)
    #: As sent: silver seeds of silver gifts, else gold.
    coins = models.BigIntegerField(_("price in seeds"), db_default=0)
    gold = models.BigIntegerField(_("revenue in gold seeds"), db_default=0)
    #: What came out of boxes would cost in gold, as far as the site said.
    revealed = models.BigIntegerField(_("worth of what came out, in gold seeds"), db_default=0)

    class Meta:
        db_table = "live_data_giftday"
        verbose_name = _("day of a gift in a room")
        verbose_name_plural = _("days of gifts in rooms")
        constraints = [
            models.UniqueConstraint(
                fields=["room", "day", "sort", "is_box", "number", "name"], name="gift_day_once"
            )
        ]
        indexes = [models.Index(fields=["day"], name="idx_gift_day_day")]

    def __str__(self) -> str:
        return f"{self.room_id} {self.day} {self.name}"
