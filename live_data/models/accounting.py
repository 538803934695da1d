"""Where the sync stands and what became of everything received: committed with the rows."""

from django.db import models


class SyncCursor(models.Model):
    """How far one partition of the log is in SQL. Its update decides who may commit."""

    partition = models.IntegerField(unique=True)
    incarnation = models.TextField(db_default="")  #: of the log; a new one is read from its beginning
    stream_id = models.TextField(db_default="0-0")

    class Meta:
        db_table = "live_data_synccursor"


class JournalPosition(models.Model):
    """How far one collector's journal is in SQL without a hole."""

    collector = models.TextField(unique=True)
    position = models.BigIntegerField(db_default=0)  #: bytes of journal since its beginning
    #: An entry that began after ``position`` was seen: where it began, and its stream id.
    hole_from = models.BigIntegerField(null=True)
    hole_stream_id = models.TextField(db_default="")
    #: The position at which a damaged entry was first met: it is published again once, and no more.
    damaged_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "live_data_journalposition"


class EventCount(models.Model):
    """received = stored + duplicate + sampled + ignored + rejected, per room, for what was synced."""

    class Outcome(models.TextChoices):
        RECEIVED = "received"
        STORED = "stored"
        DUPLICATE = "duplicate"
        SAMPLED = "sampled"
        IGNORED = "ignored"  #: name = command
        REJECTED = "rejected"  #: name = reason
        UNDECODABLE = "undecodable"  #: packets, name = reason; counted apart

    #: No foreign key: counts outlive rooms, and undecodable bytes may come from a room without a row.
    room_id = models.BigIntegerField()
    outcome = models.TextField(choices=Outcome.choices)
    name = models.TextField(db_default="")
    count = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "live_data_eventcount"
        constraints = [
            models.UniqueConstraint(fields=["room_id", "outcome", "name"], name="event_count_once")
        ]
