"""Which rooms exist, and what is true of each. Knows no requests and no messages."""

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from simulator import words
from simulator.messages.danmaku import Chat
from simulator.messages.super_chats import SuperChat
from simulator.people import Person

FIRST_ROOM = 90001
LOCKED_ROOM = 99001
# The first rooms also have short ids, which only some answers accept.
SHORT_IDS = (101, 102, 103)
LINES_KEPT = 10
LOCK_SECONDS = 86_400 * 365


@dataclass(slots=True)
class Room:
    """One room, as the HTTP answers describe it. Times are epoch seconds, 0 for none."""

    room_id: int
    short_id: int
    uid: int
    uname: str
    title: str
    area: tuple[int, str, int, str]
    face: str
    live_status: int
    live_time: int
    live_key: str
    followers: int
    watched: int
    likes: int
    online: int
    cover: str
    guards: int
    lock_till: int = 0
    #: What was said and bought last, whether anybody listened or not.
    lines: deque[tuple[Chat, Person]] = field(default_factory=lambda: deque(maxlen=LINES_KEPT))
    super_chats: deque[tuple[SuperChat, Person]] = field(default_factory=lambda: deque(maxlen=200))
    #: Those that its list told over HTTP, by number: a client may know them from there alone.
    told_super_chats: dict[int, SuperChat] = field(default_factory=dict)

    @property
    def is_locked(self) -> bool:
        """Whether the site closed the room."""
        return self.lock_till > time.time()

    @property
    def sub_session_key(self) -> str:
        """The session's other name, as in LIVE and getInfoByRoom."""
        return f"{self.live_key}sub_time:{self.live_time}"


class Rooms:
    """All rooms by long id; a short id finds its room where the site would."""

    def __init__(self, room_ids: Iterable[int], seed: int) -> None:
        now = int(time.time())
        self.played = [self._make(room_id, index, seed, now) for index, room_id in enumerate(room_ids)]
        locked = self._make(LOCKED_ROOM, -1, seed, now)
        locked.live_status, locked.live_time, locked.lock_till = 0, 0, now + LOCK_SECONDS
        self._by_id = {room.room_id: room for room in (locked, *self.played)}
        self._by_short_id = {room.short_id: room for room in self.played if room.short_id}

    @staticmethod
    def _make(room_id: int, index: int, seed: int, now: int) -> Room:
        random = Random(f"room {seed} {room_id}")
        return Room(
            room_id=room_id,
            short_id=SHORT_IDS[index] if 0 <= index < len(SHORT_IDS) and room_id == FIRST_ROOM + index else 0,
            uid=3_546_000_000_000_000 + room_id,
            uname=words.ANCHORS[index % len(words.ANCHORS)]
            + ("" if index < len(words.ANCHORS) else str(index)),
            title=random.choice(words.TITLES),
            area=random.choice(words.AREAS),
            face=f"https://i0.hdslb.com/bfs/face/{random.getrandbits(160):040x}.jpg",
            live_status=1,
            live_time=now - random.randrange(600, 7200),
            live_key=str(now * 400_000_000 + random.randrange(400_000_000)),
            followers=random.randrange(1_000, 2_000_000),
            watched=random.randrange(100, 60_000),
            likes=random.randrange(100, 90_000),
            online=random.randrange(20, 9_000),
            cover=f"https://i0.hdslb.com/bfs/live/new_room_cover/{random.getrandbits(160):040x}.jpg",
            guards=random.randrange(0, 900),
        )

    def by_long_id(self, room_id: int) -> Room | None:
        """The room of exactly this id."""
        return self._by_id.get(room_id)

    def by_any_id(self, room_id: int) -> Room | None:
        """The room of this long or short id."""
        return self._by_id.get(room_id) or self._by_short_id.get(room_id)

    def by_uid(self, uid: int) -> Room | None:
        """The room of this anchor."""
        return next((room for room in self._by_id.values() if room.uid == uid), None)
