"""Epoch milliseconds, as the wire and Redis have them, datetimes, as SQL has them, and zones. UTC, exact."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def moment(milliseconds: int) -> datetime:
    """Raises OverflowError beyond the calendar."""
    return _EPOCH + milliseconds * _MILLISECOND


def utc_text(milliseconds: int) -> str:
    """``2026-11-24 10:05:00.120000``: what SQLite keeps of a time, and PostgreSQL takes in a session in UTC.

    Raises OverflowError beyond the calendar.
    """
    seconds, rest = divmod(milliseconds, 1000)
    return _whole_second(seconds) + _FRACTIONS[rest]


@lru_cache(maxsize=4096)
def _whole_second(seconds: int) -> str:
    return str(moment(seconds * 1000).replace(tzinfo=None))


#: Of a second, by milliseconds.
_FRACTIONS = ("", *(f".{milliseconds:03}000" for milliseconds in range(1, 1000)))


def epoch_ms(time: datetime) -> int:
    """Whole milliseconds; what is less is cut off."""
    return (time - _EPOCH) // _MILLISECOND


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo | None:
    """None for what is no IANA name, whoever sent it."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, ZoneInfoNotFoundError):  # a path, a folder, an unknown name
        return None


def day_begins(time: datetime, zone: tzinfo) -> datetime:
    """Midnight before ``time`` where the zone is, in UTC."""
    local = time.astimezone(zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
