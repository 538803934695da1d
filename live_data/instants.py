"""Epoch milliseconds, as the wire and Redis have them, and datetimes, as SQL has them. UTC, exact."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def moment(milliseconds: int) -> datetime:
    """Raises OverflowError beyond the calendar."""
    return _EPOCH + milliseconds * _MILLISECOND


def epoch_ms(time: datetime) -> int:
    """Whole milliseconds; what is less is cut off."""
    return (time - _EPOCH) // _MILLISECOND
