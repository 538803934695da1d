"""Rollups by day and by person. Derived: rebuilt from the rows at any time (`manage.py rebuild_rollups`)."""

from collections.abc import Collection

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from live_data.models.counts import Counts, revenue
from live_data.models.rooms import LiveRoom, OfRoom


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


_UNSUMMED = (
    "COALESCE((SELECT summed.before FROM live_data_summeddays summed"
    " WHERE summed.room_id = person_room.room_id), person_room.first_day)"
)
_DAYS_OF = (
    "SELECT person_day.id FROM live_data_personroom person_room"
    # In this order: SQLite would read all people of all the days.
    " CROSS JOIN live_data_daycount day_count CROSS JOIN live_data_personday person_day"
    " WHERE person_room.uid IN ({uids}) AND day_count.room_id = person_room.room_id"
    " AND day_count.day BETWEEN {first} AND person_room.last_day"
    " AND person_day.room_id = person_room.room_id AND person_day.day = day_count.day"
    " AND person_day.uid = person_room.uid"
)


class PersonDays(models.QuerySet["PersonDay"]):
    """Days of people."""

    def of_people(self, uids: Collection[int]) -> "PersonDays":
        """All of at most some hundred people, by the days of the rooms that each was in: no index has the
        days of one person together, which would be one more page to write for each of them."""
        return self._from(uids, "person_room.first_day")

    def unsummed_of_people(self, uids: Collection[int]) -> "PersonDays":
        """Those of them that are in no sum of PersonRoom yet."""
        return self._from(uids, _UNSUMMED)

    def _from(self, uids: Collection[int], first: str) -> "PersonDays":
        if not uids:
            return self.none()
        # Names of our own tables and columns; every value is a parameter.
        days = _DAYS_OF.format(uids=", ".join(["%s"] * len(uids)), first=first)
        return self.filter(pk__in=RawSQL(days, tuple(uids)))  # noqa: S611 - as said


class PersonDay(OfRoom, Counts):
    """What one person did in one room in one day of statistics. People without a known uid have none."""

    uid = models.BigIntegerField(_("user ID"))
    day = models.DateField(_("day"))

    objects = PersonDays.as_manager()

    class Meta:
        db_table = "live_data_personday"
        verbose_name = _("day of a person in a room")
        verbose_name_plural = _("days of people in rooms")
        constraints = [
            # In this order: the people of a room over days, and what is written today lies together.
            models.UniqueConstraint(fields=["room", "day", "uid"], name="person_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.room_id} {self.day}"


class PersonRoom(OfRoom, Counts):
    """A room that one person was in, from the first to the last of their days there, with the sums of those
    before the room's SummedDays. Derived from these days."""

    uid = models.BigIntegerField(_("user ID"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    first_chat_day = models.DateField(_("first day with danmaku"), null=True)
    first_paid_day = models.DateField(_("first day with revenue"), null=True)

    class Meta:
        db_table = "live_data_personroom"
        verbose_name = _("room of a person")
        verbose_name_plural = _("rooms of people")
        constraints = [models.UniqueConstraint(fields=["room", "uid"], name="person_room_once")]
        indexes = [models.Index(fields=["uid", "room"], name="idx_person_room_uid")]

    def __str__(self) -> str:
        return f"{self.uid} {self.room_id}"


class SummedDays(models.Model):
    """Up to where the days of people in a room are summed in PersonRoom; of a room without a row none is."""

    room = models.OneToOneField(
        LiveRoom,
        to_field="room_id",
        db_column="room_id",
        primary_key=True,
        on_delete=models.CASCADE,
        verbose_name=_("room"),
    )
    before = models.DateField(_("summed before"))

    class Meta:
        db_table = "live_data_summeddays"
        verbose_name = _("summed days")
        verbose_name_plural = _("summed days")
        indexes = [models.Index(fields=["before"], name="idx_summed_days_before")]

    def __str__(self) -> str:
        return f"{self.room_id} {self.before}"


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
        return f"{self.zone} {self.clock()}"

    def clock(self) -> str:
        """When its days begin, as HH:MM."""
        return f"{self.day_start // 60:02}:{self.day_start % 60:02}"
