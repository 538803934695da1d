"""Gifts, one row per item."""

from decimal import Decimal

from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from live_data.models.event_row import EventRow

_CNY: "models.DecimalField[Decimal, Decimal]" = models.DecimalField(max_digits=20, decimal_places=2)


def _cny(column: str) -> Case:
    """The CNY view of a gold column, for display; never summed (REAL on SQLite). Silver is no money."""
    # 1000.0 and not 1000: SQLite would divide whole numbers and cut the fraction off.
    cny = ExpressionWrapper(F(column) / Value(1000.0), output_field=_CNY)
    return Case(When(coin_type="gold", then=cny), default=Value(0.0), output_field=_CNY)


class GiftData(EventRow):
    """One gift line: ``gold`` is what it adds to the room's revenue."""

    uid = models.BigIntegerField(_("user ID"), null=True)
    username = models.TextField(_("user name"))
    gift_name = models.TextField(_("gift"))
    gift_id = models.BigIntegerField(_("gift number"))
    num = models.BigIntegerField(_("number"), db_default=1)
    coin_type = models.TextField(_("kind of seeds"), db_default="gold")  #: "gold" or "silver"
    #: Price of one as sent, in coin_type's seeds.
    unit_coin = models.BigIntegerField(_("price of one in seeds"), db_default=0)
    #: The line as sent: of a blind box, what was paid.
    total_coin = models.BigIntegerField(_("price in seeds"), db_default=0)
    #: Revenue; see live_data/revenue.py.
    gold = models.BigIntegerField(_("revenue in gold seeds"), db_default=0)
    price = models.GeneratedField(
        verbose_name=_("price of one in CNY"),
        expression=_cny("unit_coin"),
        output_field=models.DecimalField(max_digits=20, decimal_places=2),
        db_persist=True,
    )
    total_price = models.GeneratedField(
        verbose_name=_("price in CNY"),
        expression=_cny("total_coin"),
        output_field=models.DecimalField(max_digits=20, decimal_places=2),
        db_persist=True,
    )
    medal_name = models.TextField(_("fan medal"), null=True)
    medal_level = models.IntegerField(_("fan medal level"), db_default=0)
    guard_level = models.IntegerField(_("guard level"), db_default=0)
    wealth_level = models.IntegerField(_("wealth level"), db_default=0)
    tid = models.TextField(_("transaction"), db_default="")
    #: Not paid for now: no revenue.
    is_backpack = models.BooleanField(_("from the backpack"), db_default=False)
    blind_box_id = models.BigIntegerField(_("blind box number"), null=True)
    blind_box_name = models.TextField(_("blind box"), db_default="")
    #: Gold of one box.
    blind_box_price = models.BigIntegerField(_("price of the blind box in gold seeds"), db_default=0)
    receiver_uid = models.BigIntegerField(_("receiver's user ID"), null=True)  #: null = the anchor
    receiver_name = models.TextField(_("receiver"), db_default="")
    combo_id = models.TextField(_("combo"), db_default="")

    class Meta:
        db_table = "live_data_giftdata"
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_gift_room_timestamp"),
            models.Index(fields=["uid"], name="idx_gift_uid"),
            # Who paid, over all rooms: from this index alone, which grows at its end as time goes on.
            models.Index(fields=["event_id", "uid", "gold"], condition=Q(gold__gt=0), name="idx_gift_paid"),
        ]
