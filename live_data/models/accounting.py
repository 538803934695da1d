"""Where the sync stands and what became of everything received: committed with the rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SyncCursor(models.Model):
    """How far the rooms of one partition are in SQL. Its update decides who may commit."""

    partition = models.IntegerField(_("partition of the rooms"), unique=True)
    partitions = models.IntegerField(_("partitions"), db_default=1)  #: how many there are
    #: Of the log; a new one is read from its beginning.
    incarnation = models.TextField(_("log incarnation"), db_default="")
    stream_id = models.TextField(_("log entry"), db_default="0-0")

    class Meta:
        db_table = "live_data_synccursor"
        verbose_name = _("sync cursor")
        verbose_name_plural = _("sync cursors")

    def __str__(self) -> str:
        return str(self.partition)


class JournalPosition(models.Model):
    """How far one collector's journal is in SQL without a hole, as far as the rooms of a partition go."""

    collector = models.TextField(_("collector"))
    partition = models.IntegerField(_("partition of the rooms"), db_default=0)
    #: Bytes of journal since its beginning.
    position = models.BigIntegerField(_("position (bytes)"), db_default=0)
    #: An entry that began after ``position`` was seen: where it began, and its stream id.
    hole_from = models.BigIntegerField(_("hole from (bytes)"), null=True)
    hole_stream_id = models.TextField(_("log entry behind the hole"), db_default="")
    #: The position at which a damaged entry was first met: it is published again once, and no more.
    damaged_at = models.BigIntegerField(_("damaged entry met at (bytes)"), null=True)

    #: When the newest entry of it that was synced was put into the log, by the log's clock.
    heard_at = models.DateTimeField(_("last heard of at"), null=True)

    class Meta:
        db_table = "live_data_journalposition"
        verbose_name = _("journal position")
        verbose_name_plural = _("journal positions")
        constraints = [
            models.UniqueConstraint(fields=["collector", "partition"], name="journal_position_once")
        ]

    def __str__(self) -> str:
        return self.collector


class EventCount(models.Model):
    """received = stored + duplicate + sampled + ignored + rejected, per room, for what was synced."""

    class Outcome(models.TextChoices):
        RECEIVED = "received", _("Received")
        STORED = "stored", _("Stored")
        DUPLICATE = "duplicate", _("Duplicate")
        SAMPLED = "sampled", _("Sampled")
        IGNORED = "ignored", _("Ignored")  #: name = command
        REJECTED = "rejected", _("Rejected")  #: name = reason
        UNDECODABLE = "undecodable", _("Undecodable")  #: packets, name = reason; counted apart

    #: No foreign key: counts outlive rooms, and undecodable bytes may come from a room without a row.
    room_id = models.BigIntegerField(_("room number"))
    outcome = models.TextField(_("outcome"), choices=Outcome.choices)
    name = models.TextField(_("command or reason"), db_default="")
    count = models.BigIntegerField(_("count"), db_default=0)

    class Meta:
        db_table = "live_data_eventcount"
        verbose_name = _("event count")
        verbose_name_plural = _("event counts")
        constraints = [
            models.UniqueConstraint(fields=["room_id", "outcome", "name"], name="event_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.outcome}"
