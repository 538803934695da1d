"""Rollups by day and by person. Derived: rebuilt from the rows at any time (`manage.py rebuild_rollups`)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from live_data.models.counts import Counts, revenue
from live_data.models.rooms import OfRoom


class DayCount(OfRoom, Counts):
    """What a room had in one day of statistics."""

    day = models.DateField(_("day"))
    gold = revenue()

    class Meta:
        db_table = "live_data_daycount"
        verbose_name = _("count of a day")
        verbose_name_plural = _("counts by day")
        constraints = [models.UniqueConstraint(fields=["room", "day"], name="day_count_once")]
        indexes = [models.Index(fields=["day"], name="idx_day_count_day")]

    def __str__(self) -> str:
        return f"{self.room_id} {self.day}"


class PersonDay(OfRoom, Counts):
    """What one person did in one room in one day of statistics. People without a known uid have none."""

    uid = models.BigIntegerField(_("user ID"))
    day = models.DateField(_("day"))

    class Meta:
        db_table = "live_data_personday"
        verbose_name = _("day of a person in a room")
        verbose_name_plural = _("days of people in rooms")
        constraints = [
            # In this order: the people of a room over days, and what is written today lies together.
            models.UniqueConstraint(fields=["room", "day", "uid"], name="person_day_once")
        ]
        # One person over all rooms, and whether a room saw somebody before.
        indexes = [models.Index(fields=["uid", "room", "day"], name="idx_person_day_uid")]

    def __str__(self) -> str:
        return f"{self.uid} {self.room_id} {self.day}"


class RollupCalendar(models.Model):
    """One row: which days the rollups were built with. Only a rebuild changes it."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    zone = models.TextField(_("time zone"))  #: an IANA name
    day_start = models.SmallIntegerField(_("beginning of a day (minutes)"))  #: after midnight
    #: False: the days of what was stored before are missing, or still those of another calendar.
    is_whole = models.BooleanField(_("complete"))

    class Meta:
        db_table = "live_data_rollupcalendar"
        verbose_name = _("calendar of the rollups")
        verbose_name_plural = _("calendars of the rollups")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="rollup_calendar_once")]

    def __str__(self) -> str:
        return f"{self.zone} {self.day_start // 60:02}:{self.day_start % 60:02}"
