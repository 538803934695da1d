"""Gifts, one row per item."""

from decimal import Decimal

from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Value, When

from live_data.models.event_row import EventRow

_CNY: "models.DecimalField[Decimal, Decimal]" = models.DecimalField(max_digits=20, decimal_places=2)


def _cny(column: str) -> Case:
    """The CNY view of a gold column, for display; never summed (REAL on SQLite). Silver is no money."""
    # 1000.0 and not 1000: SQLite would divide whole numbers and cut the fraction off.
    cny = ExpressionWrapper(F(column) / Value(1000.0), output_field=_CNY)
    return Case(When(coin_type="gold", then=cny), default=Value(0.0), output_field=_CNY)


class GiftData(EventRow):
    """One gift line: ``gold`` is what it adds to the room's revenue."""

    uid = models.BigIntegerField(null=True)
    username = models.TextField()
    gift_name = models.TextField()
    gift_id = models.BigIntegerField()
    num = models.BigIntegerField(db_default=1)
    coin_type = models.TextField(db_default="gold")  #: "gold" or "silver"
    unit_coin = models.BigIntegerField(db_default=0)  #: price of one as sent, in coin_type's seeds
    total_coin = models.BigIntegerField(db_default=0)  #: the line as sent: of a blind box, what was paid
    gold = models.BigIntegerField(db_default=0)  #: revenue; see live_data/revenue.py
    price = models.GeneratedField(
        expression=_cny("unit_coin"),
        output_field=models.DecimalField(max_digits=20, decimal_places=2),
        db_persist=True,
    )
    total_price = models.GeneratedField(
        expression=_cny("total_coin"),
        output_field=models.DecimalField(max_digits=20, decimal_places=2),
        db_persist=True,
    )
    medal_name = models.TextField(null=True)
    medal_level = models.IntegerField(db_default=0)
    guard_level = models.SmallIntegerField(db_default=0)
    wealth_level = models.SmallIntegerField(db_default=0)
    tid = models.TextField(db_default="")
    is_backpack = models.BooleanField(db_default=False)  #: not paid for now: no revenue
    blind_box_id = models.BigIntegerField(null=True)
    blind_box_name = models.TextField(db_default="")
    blind_box_price = models.BigIntegerField(db_default=0)  #: gold of one box
    receiver_uid = models.BigIntegerField(null=True)  #: null = the anchor
    receiver_name = models.TextField(db_default="")
    combo_id = models.TextField(db_default="")

    class Meta:
        db_table = "live_data_giftdata"
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_gift_room_timestamp"),
            models.Index(fields=["uid"], name="idx_gift_uid"),
        ]
