"""Places in a list of events, newest first, as pages send them back. Knows no table.

The place is the event_id of the last row seen: it begins with the event's own time and is unique, so
that equal times, and rows which come in late, neither repeat nor hide a row.
"""

import base64
import binascii
from datetime import datetime

from live_data import instants

LENGTH = 16  #: bytes of a place


def to_text(event_id: bytes) -> str:
    return base64.urlsafe_b64encode(event_id).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """Raises ValueError for what no answer of ours gave."""
    try:
        event_id = base64.urlsafe_b64decode(text + "==")
    except (binascii.Error, ValueError):
        event_id = b""
    # Decoding passes over strange characters: only what we would have written ourselves is ours.
    if len(event_id) != LENGTH or to_text(event_id) != text:
        raise ValueError(f"not a cursor: {text[:40]!r}")
    return event_id


def moment(event_id: bytes) -> datetime:
    """The event's own time. Raises ValueError beyond the calendar."""
    try:
        return instants.moment(int.from_bytes(event_id[:6], "big"))
    except OverflowError as error:
        raise ValueError("not a cursor: its time is beyond the calendar") from error


def floor(time: datetime) -> bytes:
    """Before all events of this millisecond and later, behind all earlier ones."""
    return max(0, instants.epoch_ms(time)).to_bytes(6, "big") + bytes(LENGTH - 6)
