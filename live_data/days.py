"""Days of statistics: which one a time belongs to, and when each begins. Pure; knows no table.

A day begins when the clock of its zone first shows its start. Where the clocks jump over it, it begins when
they would have shown it without the jump. So days follow each other without gap or overlap, have 23, 24 or
25 hours where there is daylight saving time, and none where a zone left out a date.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from live_data.instants import epoch_ms, moment

MINUTE = 60_000  #: ms
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Days of one zone that begin at one time of its clock."""

    zone: ZoneInfo
    start: int  #: minutes after midnight, 0 to 1439

    def begins(self, day: date) -> int:
        """Epoch ms, a whole minute in UTC: zones whose clocks had odd seconds are of long ago.

        Raises OverflowError beyond the calendar.
        """
        clock = datetime(day.year, day.month, day.day, self.start // 60, self.start % 60, tzinfo=self.zone)
        return -(-epoch_ms(clock.astimezone(UTC)) // MINUTE) * MINUTE

    def of(self, at: int) -> date:
        """The day of a time in epoch ms. Raises OverflowError at the ends of the calendar."""
        clock = moment(at).astimezone(self.zone).replace(tzinfo=None)
        day = (clock - timedelta(minutes=self.start)).date()
        while at < self.begins(day):
            day -= _DAY
        while at >= self.begins(day + _DAY):
            day += _DAY
        return day
