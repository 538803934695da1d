"""Guards (大航海): the one to three reports of a purchase, and the purchase itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from live_data.models.event_row import EventIdField, EventRow
from live_data.models.rooms import OfRoom


class GuardReportData(EventRow):
    """GUARD_BUY ("bought", list price) or USER_TOAST_MSG, _V2 ("toast", price paid)."""

    report = models.TextField(_("kind of report"))  #: "bought" or "toast"
    uid = models.BigIntegerField(_("user ID"), null=True)
    username = models.TextField(_("user name"))
    guard_level = models.IntegerField(_("guard level"))  #: 1 governor, 2 admiral, 3 captain
    num = models.BigIntegerField(_("number"))
    unit = models.TextField(_("unit"), db_default="")
    price = models.BigIntegerField(_("price in gold seeds"))  #: gold as sent
    payflow_id = models.TextField(_("payment"), db_default="")
    source = models.IntegerField(_("source"), db_default=0)  #: 2 = a copy that never opens a purchase
    op_type = models.IntegerField(_("operation"), db_default=0)
    role_name = models.TextField(_("role"), db_default="")

    class Meta:
        db_table = "live_data_guardreportdata"
        verbose_name = _("guard report")
        verbose_name_plural = _("guard reports")
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_guard_report_room_time"),
            models.Index(fields=["room", "payflow_id"], name="idx_guard_report_payflow"),
        ]


class GuardPurchase(OfRoom):
    """One purchase, as live_data/storing/guards.py reads it out of the reports; ``gold`` is its revenue."""

    #: The report that opened it: the toast, or a GUARD_BUY without one.
    event_id = EventIdField(verbose_name=_("event ID"), unique=True)
    timestamp = models.DateTimeField(_("time"))
    uid = models.BigIntegerField(_("user ID"), null=True)
    username = models.TextField(_("user name"))
    guard_level = models.IntegerField(_("guard level"))
    num = models.BigIntegerField(_("number"))
    unit = models.TextField(_("unit"), db_default="")
    payflow_id = models.TextField(_("payment"), db_default="")
    gold = models.BigIntegerField(_("revenue in gold seeds"))
    #: As its GUARD_BUY told; null = none arrived.
    list_gold = models.BigIntegerField(_("list price in gold seeds"), null=True)

    class Meta:
        db_table = "live_data_guardpurchase"
        verbose_name = _("guard purchase")
        verbose_name_plural = _("guard purchases")
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_guard_room_time"),
            models.Index(fields=["room", "uid", "guard_level"], name="idx_guard_buyer"),
            models.Index(fields=["uid"], name="idx_guard_uid"),
        ]

    def __str__(self) -> str:
        return bytes(self.event_id).hex()
