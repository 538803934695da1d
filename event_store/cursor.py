"""A place in the event log, as pages and the sync keep it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_FORM = re.compile(r"([0-9a-f]{16})\.([0-9]{1,20})-([0-9]{1,20})")


@dataclass(frozen=True, slots=True)
class LogCursor:
    """After which entry of which log; ``str()`` is the opaque form that pages send back."""

    incarnation: str  #: "" = no log yet
    stream_id: str = "0-0"

    def __str__(self) -> str:
        return f"{self.incarnation or '0' * 16}.{self.stream_id}"

    @classmethod
    def parse(cls, text: str) -> "LogCursor":
        """Raises ValueError for what no page of ours was given."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"not a cursor: {text[:80]!r}")
        incarnation, milliseconds, sequence = match.groups()
        return cls(incarnation.replace("0" * 16, ""), f"{int(milliseconds)}-{int(sequence)}")


def stream_key(stream_id: str) -> tuple[int, int]:
    """Stream ids compare as numbers, not as text."""
    milliseconds, _, sequence = stream_id.partition("-")
    return int(milliseconds), int(sequence or 0)


def earliest(cursors: Sequence[LogCursor]) -> LogCursor:
    """What all of them have reached; of several logs, or of no cursor, the beginning of an unknown one."""
    if len({cursor.incarnation for cursor in cursors}) != 1:
        return LogCursor("")
    return min(cursors, key=lambda cursor: stream_key(cursor.stream_id))
