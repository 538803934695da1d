"""How each room described itself, over time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from live_data.models.rooms import OfRoom


class RoomDescription(OfRoom):
    """From ``since`` on, until the room's next row: one row for each change."""

    since = models.DateTimeField(_("since"))
    title = models.TextField(_("title"), db_default="")
    uname = models.TextField(_("streamer"), db_default="")
    area_name = models.TextField(_("area"), db_default="")
    parent_area_name = models.TextField(_("parent area"), db_default="")
    cover = models.TextField(_("cover"), db_default="")  #: an address, never loaded by our pages
    face = models.TextField(_("avatar"), db_default="")

    class Meta:
        db_table = "live_data_roomdescription"
        verbose_name = _("description of a room")
        verbose_name_plural = _("descriptions of rooms")
        constraints = [models.UniqueConstraint(fields=["room", "since"], name="room_description_once")]

    def __str__(self) -> str:
        return f"{self.room_id} {self.since:%Y-%m-%d %H:%M}"
