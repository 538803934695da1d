"""What every stored event has, and the column type of its identity."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from live_data.models.rooms import OfRoom


class EventIdField(models.BinaryField):  # type: ignore[type-arg]  # not generic at run time
    """16 bytes: BLOB on SQLite, uuid on PostgreSQL (half of char(32), and sorted by bytes as well)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["max_length"] = 16
        super().__init__(**kwargs)

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """The type of the column."""
        return "uuid" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Raises ValueError for what is not 16 bytes, where the column is a uuid."""
        if connection.vendor != "postgresql" or value is None:
            return super().get_db_prep_value(value, connection, prepared)
        return UUID(bytes=bytes(value))

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        """Bytes on both engines."""
        return value.bytes if isinstance(value, UUID) else value


class EventRow(OfRoom):
    """A row that came from one event of a room; ``timestamp`` is the event's own time."""

    event_id = EventIdField(verbose_name=_("event ID"), unique=True)
    timestamp = models.DateTimeField(_("time"))
    received_at = models.DateTimeField(_("received at"))
    parser_version = models.SmallIntegerField(_("parser version"), db_default=1)
    #: The seed's created_at: when the row was stored.
    stored_at = models.DateTimeField(_("stored at"), db_column="created_at", db_default=Now())

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return bytes(self.event_id).hex()
