"""What happened to a room itself."""

from django.db import models

from live_data.models.event_row import EventRow


class RoomStateData(EventRow):
    """LIVE, PREPARING, ROOM_CHANGE, LOG_IN_NOTICE."""

    what = models.TextField()  #: "live", "preparing", "change", "login_notice"
    value = models.TextField(db_default="")
    title = models.TextField(db_default="")
    area_name = models.TextField(db_default="")
    parent_area_name = models.TextField(db_default="")

    class Meta:
        db_table = "live_data_roomstatedata"
        indexes = [models.Index(fields=["room", "timestamp"], name="idx_room_state_room_time")]
