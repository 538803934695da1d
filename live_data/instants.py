"""Epoch milliseconds, as the wire and Redis have them, datetimes, as SQL has them, and zones. UTC, exact."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def moment(milliseconds: int) -> datetime:
    """Raises OverflowError beyond the calendar."""
    return _EPOCH + milliseconds * _MILLISECOND


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
