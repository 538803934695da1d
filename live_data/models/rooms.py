"""Live rooms."""

from django.db import models
from django.db.models.functions import Now


class LiveRoom(models.Model):
    """One live room, by its long id."""

    class Status(models.IntegerChoices):
        OFFLINE = 0
        LIVE = 1
        REPLAY = 2

    room_id = models.BigIntegerField(unique=True)
    short_id = models.BigIntegerField(db_default=0)  #: 0 = none
    uid = models.BigIntegerField(null=True)  #: the anchor; null = not known yet
    title = models.TextField(db_default="")
    uname = models.TextField(db_default="")
    face = models.TextField(null=True)
    online = models.BigIntegerField(db_default=0)
    status = models.IntegerField(choices=Status.choices, db_default=0)
    area_name = models.TextField(db_default="")
    parent_area_name = models.TextField(db_default="")
    is_paused = models.BooleanField(db_default=False)  #: not watched, though tasks list it
    #: Own time of the newest snapshot or room state that the row shows, so that a replay of old
    #: frames cannot turn it back; null = none yet.
    as_of = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "live_data_liveroom"

    def __str__(self) -> str:
        return f"{self.room_id} {self.uname}".strip()
