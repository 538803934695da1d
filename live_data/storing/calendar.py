"""Which days the rollups in SQL are built with: those of the first setting, until a rebuild."""

from zoneinfo import ZoneInfo

from django.conf import settings

from live_data.days import Days
from live_data.models import RollupCalendar


def kept() -> RollupCalendar:
    """As stored; where nothing was counted yet, as set."""
    row = RollupCalendar.objects.first()
    if row is None:
        # A sync beside this one may make it now.
        RollupCalendar.objects.bulk_create([as_set()], ignore_conflicts=True)
        row = RollupCalendar.objects.get()
    return row


def as_set() -> RollupCalendar:
    """As the settings ask for; not saved."""
    chosen = settings.ENVIRONMENT
    return RollupCalendar(zone=chosen.stats_timezone, day_start=chosen.day_start, is_whole=True)


def days() -> Days:
    return days_of(kept())


def days_of(row: RollupCalendar) -> Days:
    return Days(ZoneInfo(row.zone), row.day_start)


def is_as_set(row: RollupCalendar) -> bool:
    return str(row) == str(as_set())
