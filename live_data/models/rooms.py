"""Live rooms."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class LiveRoom(models.Model):
    """One live room, by its long id."""

    class Status(models.IntegerChoices):
        OFFLINE = 0, _("Offline")
        LIVE = 1, _("Live")
        REPLAY = 2, _("Replay")

    class ConnectWhen(models.TextChoices):
        ALWAYS = "always", _("Always")
        LIVE = "live", _("Only while it is live")

    room_id = models.BigIntegerField(_("room number"), unique=True)
    short_id = models.BigIntegerField(_("short number"), db_default=0)  #: 0 = none
    uid = models.BigIntegerField(_("streamer's user ID"), null=True)  #: the anchor; null = not known yet
    title = models.TextField(_("title"), db_default="")
    uname = models.TextField(_("streamer"), db_default="")
    face = models.TextField(_("avatar"), null=True)
    online = models.BigIntegerField(_("popularity"), db_default=0)
    status = models.IntegerField(_("status"), choices=Status.choices, db_default=0)
    area_name = models.TextField(_("area"), db_default="")
    parent_area_name = models.TextField(_("parent area"), db_default="")
    is_paused = models.BooleanField(_("paused"), db_default=False)  #: not watched, though tasks list it
    connect_when = models.TextField(
        _("connected"), choices=ConnectWhen.choices, db_default=ConnectWhen.ALWAYS
    )  #: else it is watched over HTTP alone
    cover = models.TextField(_("cover"), db_default="")
    followers = models.BigIntegerField(_("followers"), db_default=0)
    #: Own time of the newest snapshot or room state that the row shows, so that a replay of old
    #: frames cannot turn it back; null = none yet.
    as_of = models.DateTimeField(_("as of"), null=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    updated_at = models.DateTimeField(_("updated at"), db_default=Now())

    class Meta:
        db_table = "live_data_liveroom"
        verbose_name = _("live room")
        verbose_name_plural = _("live rooms")

    def __str__(self) -> str:
        return str(self.room_id)


class OfRoom(models.Model):
    """What belongs to a room. Indexes of (room, time) serve the foreign key, too."""

    room = models.ForeignKey(
        LiveRoom,
        to_field="room_id",
        db_column="room_id",
        db_index=False,
        on_delete=models.PROTECT,
        verbose_name=_("room"),
    )

    class Meta:
        abstract = True
