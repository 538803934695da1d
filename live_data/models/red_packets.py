"""Red packets (红包): the messages about one, and the packet itself. Outside revenue."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from live_data.models.event_row import EventIdField, EventRow
from live_data.models.rooms import OfRoom


class RedPacketReportData(EventRow):
    """_NEW ("sent"), _START ("started") or _WINNER_LIST ("drawn"), each in up to two forms."""

    report = models.TextField(_("kind of report"))  #: "sent", "started" or "drawn"
    form = models.SmallIntegerField(_("form of the message"))  #: 1, or 2 for the V2 command
    lot_id = models.BigIntegerField(_("red packet number"))
    uid = models.BigIntegerField(_("user ID"), null=True)
    username = models.TextField(_("user name"), db_default="")
    num = models.BigIntegerField(_("number"), db_default=1)
    price = models.BigIntegerField(_("price of one in gold seeds"), null=True)
    total_price = models.BigIntegerField(_("gold seeds of the gifts inside"), null=True)
    gifts = models.JSONField(_("gifts inside"), null=True)  #: {name: number}; null = not said
    end_time = models.DateTimeField(_("end"), null=True)
    winners = models.BigIntegerField(_("winners"), null=True)

    class Meta:
        db_table = "live_data_redpacketreportdata"
        verbose_name = _("red packet report")
        verbose_name_plural = _("red packet reports")
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_red_packet_report_time"),
            models.Index(fields=["room", "lot_id"], name="idx_red_packet_report_lot"),
        ]


class RedPacketData(OfRoom):
    """One red packet, as live_data/storing/red_packets.py reads it out of its reports."""

    #: The report that ``timestamp`` is of: when it started, else when it was said to start.
    event_id = EventIdField(verbose_name=_("event ID"), unique=True)
    timestamp = models.DateTimeField(_("time"))
    lot_id = models.BigIntegerField(_("red packet number"))
    uid = models.BigIntegerField(_("user ID"), null=True)
    username = models.TextField(_("user name"), db_default="")
    num = models.BigIntegerField(_("number"), db_default=1)
    #: What was paid, and what of it went into gifts; null = not told.
    paid_gold = models.BigIntegerField(_("paid in gold seeds"), null=True)
    gifts_gold = models.BigIntegerField(_("gold seeds of the gifts inside"), null=True)
    gifts = models.JSONField(_("gifts inside"), null=True)  #: {name: number}
    end_time = models.DateTimeField(_("end"), null=True)
    winners = models.BigIntegerField(_("winners"), null=True)

    class Meta:
        db_table = "live_data_redpacketdata"
        verbose_name = _("red packet")
        verbose_name_plural = _("red packets")
        constraints = [models.UniqueConstraint(fields=["room", "lot_id"], name="red_packet_once")]
        indexes = [models.Index(fields=["room", "timestamp"], name="idx_red_packet_room_time")]

    def __str__(self) -> str:
        return bytes(self.event_id).hex()
