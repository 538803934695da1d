"""Whether lines that the site shows have reached us: a few bytes a room. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone

from bilibili_live.events import Danmaku, event_id
from bilibili_live.rooms import RecentDanmaku

_CHINA = timezone(timedelta(hours=8))
_HASH = slice(6, 16)  # of an event_id: what does not depend on its time, which the site's list has in seconds
_HASH_BYTES = 10
_KEPT = 48  # lines; the site lists ten, and what arrives while we wait must not push those out


class RecentChat:
    """The newest lines that arrived in one room."""

    __slots__ = ("_hashes",)

    def __init__(self) -> None:
        self._hashes = b""

    def add(self, said: Iterable[Danmaku]) -> None:
        new = b"".join(each.event_id[_HASH] for each in said)
        self._hashes = (self._hashes + new)[-_KEPT * _HASH_BYTES :]

    def has(self, room_id: int, id_str: str) -> bool:
        wanted = event_id(0, room_id, Danmaku.kind, id_str)[_HASH]
        places = range(0, len(self._hashes), _HASH_BYTES)
        return any(self._hashes[at : at + _HASH_BYTES] == wanted for at in places)

    def is_complete(self, room_id: int, listed: Sequence[RecentDanmaku], since: int) -> bool | None:
        """Whether most of the listed lines have arrived; None: the list says nothing (guests get none).

        Only lines said from ``since`` on (ms, by the site's clock) count.
        """
        if not listed:
            return None
        said = [line for line in listed if said_at(line) >= since]
        missing = sum(not self.has(room_id, line.id_str) for line in said)
        return 2 * missing <= len(said)


def said_at(line: RecentDanmaku) -> int:
    """ms; 0 for what is no time."""
    try:
        said = datetime.strptime(line.timeline, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA)
    except ValueError:
        return 0
    return round(said.timestamp() * 1000)
