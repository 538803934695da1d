"""Traffic for benchmarks: what a loud room sends, made by the simulator's makers, the same for the same seed.

Synthetic throughout. Must not know who reads it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from random import Random

import brotli

from simulator.message import to_bytes
from simulator.messages import danmaku, gifts, guards, room_news, super_chats, visits
from simulator.numbers import Numbers
from simulator.packets import BROTLI, MESSAGE, ZLIB, compress, packet
from simulator.people import Crowd, Json, Person
from simulator.rooms import Room
from simulator.shopping import Shop

ROOM = 90001
#: 2026-06-01 00:00 UTC, in ms: when the first message was said.
BEGIN = 1_780_272_000_000
MOST_PACKETS = 20
#: Shrinks as much as the site's own frames, 4.7 to 5.5 times.
BROTLI_QUALITY = 3

#: Of a hundred messages. The 15 that are no danmaku are in the shares of an evening that was recorded in
#: three rooms (38,253 such messages of 2021-12-30), each command in its form of 2026: 7 gifts of 10 as V2,
#: to which the site is changing over. WATCHED_CHANGE and LIKE_INFO_V3_UPDATE came later: half as many as
#: of ONLINE_RANK_COUNT, as in a busy room of 2023.
MIX = {
    "danmaku": 85.0,
    "banner": 3.41,
    "combo": 2.25,
    "effect": 2.21,
    "ranked": 1.43,
    "gift V2": 1.36,
    "visit": 0.71,
    "watched": 0.71,
    "likes": 0.71,
    "gift": 0.58,
    "notice": 0.53,
    "stopped rooms": 0.49,
    "hot rank": 0.22,
    "game": 0.09,
    "followers": 0.08,
    "super chat": 0.06,
    "guard": 0.04,
    "toast": 0.04,
    "rank": 0.04,
}


@dataclass(frozen=True, slots=True)
class Body:
    """The JSON of one message packet."""

    content: bytes
    sort: str  #: a key of MIX
    events: int  #: what it holds: a gift message may tell of several gifts, a gauge of two figures


@dataclass(frozen=True, slots=True)
class Traffic:
    """WebSocket messages of one room, and what whoever reads them must have found."""

    frames: list[bytes]
    messages: int
    danmaku: int
    events: int


def traffic(messages: int, seed: int = 1, protover: int = BROTLI) -> Traffic:
    """So many messages in frames of 1 to 20 packets, compressed as ``protover`` says (2 zlib, 3 brotli)."""
    made = list(islice(bodies(seed), messages))
    return Traffic(
        frames=list(_frames(made, Random(f"frames {seed}"), protover)),
        messages=messages,
        danmaku=sum(body.sort == "danmaku" for body in made),
        events=sum(body.events for body in made),
    )


def bodies(seed: int = 1) -> Iterator[Body]:
    """One message after another for ever, 40 ms apart."""
    room = _Loud(seed)
    while True:
        yield room.next()


def _frames(made: list[Body], random: Random, protover: int) -> Iterator[bytes]:
    position = 0
    while position < len(made):
        size = random.randint(1, MOST_PACKETS)
        inner = b"".join(packet(body.content, MESSAGE) for body in made[position : position + size])
        yield _compressed(inner, protover)
        position += size


def _compressed(inner: bytes, protover: int) -> bytes:
    if protover == ZLIB:
        return compress(inner, ZLIB)
    return packet(brotli.compress(inner, quality=BROTLI_QUALITY), MESSAGE, BROTLI)


class _Loud:
    """One loud room."""

    def __init__(self, seed: int) -> None:
        self._random = random = Random(f"benchmark {seed}")
        self._now = BEGIN
        self._numbers = Numbers(run=BEGIN * 10**6)
        self._room = _room(random)
        anchor = gifts.Receiver(self._room.uid, self._room.uname, self._room.face)
        self._crowd = Crowd(random, anchor.uid, anchor.name, ROOM)
        self._shop = Shop(random, self._crowd, self._numbers, anchor, ROOM)
        self._makers: dict[str, Callable[[], tuple[Json, int]]] = {
            "danmaku": self._danmaku,
            "visit": self._visit,
            "gift V2": self._gift_v2,
            "gift": self._gift,
            "ranked": partial(self._gauge, room_news.online_count, 2),
            "watched": partial(self._gauge, room_news.watched, 1),
            "super chat": self._super_chat,
            "guard": partial(self._guard, guards.render_buy),
            "toast": partial(self._guard, guards.render_toast),
            "likes": partial(self._gauge, room_news.likes, 1),
            "followers": partial(self._gauge, room_news.followers, 2),
            **self._noise(),
        }

    def _noise(self) -> dict[str, Callable[[], tuple[Json, int]]]:
        """What no reader makes events of."""
        random, room, somebody = self._random, self._room, self._crowd.somebody
        return {
            "banner": lambda: (room_news.banner(random, room, self._now // 1000), 0),
            "combo": lambda: (gifts.render_combo(self._shop.giving(self._now), somebody()), 0),
            "effect": lambda: (visits.render_effect(self._entered(), somebody()), 0),
            "notice": lambda: (room_news.notice(random, somebody(), room), 0),
            "stopped rooms": lambda: (room_news.stopped_rooms(random), 0),
            "hot rank": lambda: (
                room_news.hot_rank(random, room, self._now // 1000, "HOT_RANK_CHANGED_V2"),
                0,
            ),
            "game": lambda: (room_news.game(danmaku.make_text(random), somebody().name), 0),
            "rank": lambda: (room_news.rank([somebody() for _ in range(7)]), 0),
        }

    def next(self) -> Body:
        self._now += 40
        sort = self._random.choices(tuple(MIX), tuple(MIX.values()))[0]
        message, events = self._makers[sort]()
        return Body(to_bytes(message), sort, events)

    def _danmaku(self) -> tuple[Json, int]:
        person = self._crowd.somebody()
        chat = danmaku.make_chat(self._random, person, self._numbers.id_str(), self._now)
        return danmaku.render(chat, person), 1

    def _entered(self) -> visits.Visit:
        trigger_ns = self._now * 10**6 + self._random.randrange(10**6)
        return visits.Visit(visits.ENTER, ROOM, self._room.uid, trigger_ns)

    def _visit(self) -> tuple[Json, int]:
        return visits.render_word_v2(self._entered(), self._crowd.somebody()), 1

    def _gift_v2(self) -> tuple[Json, int]:
        giving = self._shop.giving(self._now)
        return gifts.render_v2(giving, 1, self._crowd.somebody()), len(giving.items)

    def _gift(self) -> tuple[Json, int]:
        giving = self._shop.giving(self._now)
        outer = self._numbers.acknowledged(self._now)
        return gifts.render_v1(giving, outer, self._crowd.somebody()), 1

    def _gauge(self, render: Callable[[Room], Json], figures: int) -> tuple[Json, int]:
        self._room.online += self._random.randrange(-20, 21)
        self._room.watched += self._random.randrange(30)
        return render(self._room), figures

    def _super_chat(self) -> tuple[Json, int]:
        chat = self._shop.super_chat(self._now)
        outer = self._numbers.acknowledged(self._now)
        return super_chats.render(chat, 0, outer, self._crowd.somebody()), 1

    def _guard(self, render: Callable[[guards.Purchase, Person], Json]) -> tuple[Json, int]:
        purchase, person = self._shop.purchase(self._now)
        return render(purchase, person), 1


def _room(random: Random) -> Room:
    face = f"https://i0.hdslb.com/bfs/face/{random.getrandbits(160):040x}.jpg"
    return Room(
        room_id=ROOM,
        short_id=0,
        uid=3_546_000_000_090_001,
        uname="晴天电台",
        title="今晚也在",
        area=(21, "视频唱见", 1, "娱乐"),
        face=face,
        live_status=1,
        live_time=BEGIN // 1000,
        live_key=str(BEGIN),
        followers=120_000,
        watched=30_000,
        likes=50_000,
        online=5_000,
        cover=face,
        guards=800,
    )
