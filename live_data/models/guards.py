"""Guards (大航海): the one to three reports of a purchase, and the purchase itself."""

from django.db import models

from live_data.models.event_row import EventIdField, EventRow
from live_data.models.rooms import LiveRoom


class GuardReportData(EventRow):
    """GUARD_BUY ("bought", list price) or USER_TOAST_MSG, _V2 ("toast", price paid)."""

    report = models.TextField()  #: "bought" or "toast"
    uid = models.BigIntegerField(null=True)
    username = models.TextField()
    guard_level = models.SmallIntegerField()  #: 1 governor, 2 admiral, 3 captain
    num = models.BigIntegerField()
    unit = models.TextField(db_default="")
    price = models.BigIntegerField()  #: gold as sent
    payflow_id = models.TextField(db_default="")
    source = models.IntegerField(db_default=0)  #: 2 = a copy that never opens a purchase
    op_type = models.IntegerField(db_default=0)
    role_name = models.TextField(db_default="")

    class Meta:
        db_table = "live_data_guardreportdata"
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_guard_report_room_time"),
            models.Index(fields=["room", "payflow_id"], name="idx_guard_report_payflow"),
        ]


class GuardPurchase(models.Model):
    """One purchase, as live_data/storing/guards.py reads it out of the reports; ``gold`` is its revenue."""

    #: The report that opened it: the toast, or a GUARD_BUY without one.
    event_id = EventIdField(unique=True)
    room = models.ForeignKey(
        LiveRoom, to_field="room_id", db_column="room_id", db_index=False, on_delete=models.PROTECT
    )
    timestamp = models.DateTimeField()
    uid = models.BigIntegerField(null=True)
    username = models.TextField()
    guard_level = models.SmallIntegerField()
    num = models.BigIntegerField()
    unit = models.TextField(db_default="")
    payflow_id = models.TextField(db_default="")
    gold = models.BigIntegerField()

    class Meta:
        db_table = "live_data_guardpurchase"
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_guard_room_time"),
            models.Index(fields=["room", "uid", "guard_level"], name="idx_guard_buyer"),
        ]
