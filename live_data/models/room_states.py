"""What happened to a room itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from live_data.models.event_row import EventRow


class RoomStateData(EventRow):
    """What happened: it went on air, was warned, fought another; happening_words.py says it."""

    what = models.TextField(_("what happened"))  #: as RoomState.what
    value = models.TextField(_("value"), db_default="")
    title = models.TextField(_("title"), db_default="")
    area_name = models.TextField(_("area"), db_default="")
    parent_area_name = models.TextField(_("parent area"), db_default="")

    detail = models.TextField(_("detail"), db_default="")
    uid = models.BigIntegerField(_("user ID"), null=True)  #: whom it concerns; null = nobody in particular

    class Meta:
        db_table = "live_data_roomstatedata"
        verbose_name = _("room event")
        verbose_name_plural = _("room events")
        indexes = [models.Index(fields=["room", "timestamp"], name="idx_room_state_room_time")]
