"""What every stored event has, and the column type of its identity."""

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from live_data.models.rooms import LiveRoom


class EventIdField(models.BinaryField):  # type: ignore[type-arg]  # not generic at run time
    """16 bytes: BLOB on SQLite, uuid on PostgreSQL (a quarter smaller than char(32), and it sorts)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["max_length"] = 16
        super().__init__(**kwargs)


class EventRow(models.Model):
    """A row that came from one event of a room; ``timestamp`` is the event's own time."""

    event_id = EventIdField(verbose_name=_("event ID"), unique=True)
    #: The named (room, timestamp) indexes of the seed serve the foreign key too.
    room = models.ForeignKey(
        LiveRoom,
        to_field="room_id",
        db_column="room_id",
        db_index=False,
        on_delete=models.PROTECT,
        verbose_name=_("room"),
    )
    timestamp = models.DateTimeField(_("time"))
    received_at = models.DateTimeField(_("received at"))
    parser_version = models.SmallIntegerField(_("parser version"), db_default=1)
    #: The seed's created_at: when the row was stored.
    stored_at = models.DateTimeField(_("stored at"), db_column="created_at", db_default=Now())

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return bytes(self.event_id).hex()
