"""Events that could not be stored, whole, until somebody has seen to it, or a clean-up takes them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from live_data.models.event_row import EventIdField


class DeadLetter(models.Model):
    """An event that a table refused, or that this code could not turn into a row.

    No foreign key and no value of the event but its identity: whatever is wrong with it must not stop
    this row too. It is counted as rejected ``times`` times, once for each delivery.
    """

    event_id = EventIdField(verbose_name=_("event ID"))
    kind = models.TextField(_("kind"))
    #: 0 for a number that no column holds; the event has it as it came.
    room_id = models.BigIntegerField(_("room number"))
    event = models.BinaryField(_("event (as in the log)"))
    parser_version = models.IntegerField(_("parser version"))
    reason = models.TextField(_("why it could not be stored"))
    first_failed_at = models.DateTimeField(_("first failed at"))
    last_failed_at = models.DateTimeField(_("last failed at"))
    times = models.BigIntegerField(_("delivered"), db_default=1)

    class Meta:
        db_table = "live_data_deadletter"
        verbose_name = _("dead letter")
        verbose_name_plural = _("dead letters")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "event_id", "room_id", "parser_version"], name="dead_letter_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {bytes(self.event_id).hex()}"
