"""What the sync refuses to store: events older than a kind's floor, and people who were erased."""

from django.db import models


class RetentionFloor(models.Model):
    """Events of ``kind`` with an own time before ``floor`` are refused, wherever they come from.

    Raised by a retention setting only, never by a clean-up by hand.
    """

    kind = models.TextField(unique=True)  #: as in bilibili_live.events: "danmaku", "gift", ...
    floor = models.DateTimeField()

    class Meta:
        db_table = "live_data_retentionfloor"


class ErasedPerson(models.Model):
    """A tombstone: nothing of this person is stored again by a replay, an import or a restore."""

    uid = models.BigIntegerField(unique=True)

    class Meta:
        db_table = "live_data_erasedperson"
