"""What people do in the rooms of the made-up history: who it is, and the event that it makes.

Pure. Danmaku with positional arguments, in the order of the struct: named ones cost a third more.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from benchmarks.chat_texts import Vocabulary
from bilibili_live.events import AnyEvent, Danmaku, Gift, GuardReport, Interaction, SuperChat, event_id

#: Of a hundred events of rooms that are on air, without those that are only sampled.
MIX = {"danmaku": 94.0, "gift": 3.6, "interaction": 2.2, "super chat": 0.1, "guard": 0.1}

#: Number, name, gold of one, how often.
GIFTS = (
    *(
        (31_036, "小花", 100, 40),
        (31_039, "牛哇", 100, 25),
        (30_607, "小心心", 0, 20),
        (31_164, "粉丝灯牌", 1_000, 8),
    ),
    *((31_053, "情书", 5_200, 3), (32_131, "守护之翼", 200_000, 0.2), (31_278, "星河", 66_000, 0.3)),
    *((31_122, "棉花糖", 1_500, 3), (33_988, "心动", 9_900, 1)),
)
_SUPER_CHATS = {30: 70, 50: 15, 100: 10, 500: 4, 1000: 1}  # CNY: how often
_GUARDS = {3: (96, 198_000, "舰长"), 2: (3, 1_998_000, "提督"), 1: (1, 19_998_000, "总督")}
_VISITS = {1: 80, 2: 15, 3: 5}
_STICKER = "[贴贴]"
_PICTURE = "https://i0.hdslb.com/bfs/emote/{:040x}.png"
_LARGEST_CROWD = 8_000
_COMMON = 60_000  #: people who go to many rooms


@dataclass(frozen=True, slots=True)
class Streamer:
    """One room and whose it is."""

    rank: int  #: 0 is the largest
    room_id: int
    uid: int
    uname: str
    title: str
    share: float  #: of all events


@dataclass(frozen=True, slots=True)
class Person:
    uid: int | None  #: None: hidden from a guest's connection
    name: str
    medal_name: str | None
    medal_level: int
    guard_level: int
    wealth_level: int


class Crowd:
    """The people of one room, by Zipf's law: few say much, many say little. A third go to other rooms too."""

    def __init__(self, streamer: Streamer, largest_share: float, vocabulary: Vocabulary) -> None:
        self._streamer = streamer
        self._size = max(200, int(_LARGEST_CROWD * streamer.share / largest_share))
        self._words = vocabulary.words
        self._known: dict[int, Person] = {}

    def somebody(self, drawn: float) -> Person:
        """``drawn`` from [0, 1)."""
        number = int(drawn * drawn * self._size)
        return self._known.get(number) or self._meet(number)

    def _meet(self, number: int) -> Person:
        rank = self._streamer.rank
        who = (
            (number * 37 + rank * 211) % _COMMON
            if number % 3 == 0
            else _COMMON + rank * _LARGEST_CROWD + number
        )
        name = f"{self._words[who * 31 % 7_919]}{self._words[who % 20_011]}"
        is_fan = number % 5 < 3
        person = self._known[number] = Person(
            uid=None if number % 50 == 49 else _uid(who),
            name=f"{name[:1]}***" if number % 50 == 49 else name,
            medal_name=self._medal if is_fan else None,
            medal_level=1 + who % 27 if is_fan else 0,
            guard_level=3 if number % 40 == 3 else 0,
            wealth_level=who % 60,
        )
        return person

    @cached_property
    def _medal(self) -> str:
        return self._streamer.uname[:3]


def _uid(who: int) -> int:
    """Half of them of the new kind, with 16 digits."""
    return 3_546_000_000_000_000 + who * 1_009 if who % 2 else 1_000_000 + who * 331


class Happenings:
    """The events of one hour."""

    def __init__(
        self,
        random: Random,
        vocabulary: Vocabulary,
        streamers: Sequence[Streamer],
        crowds: Sequence[Crowd],
        hour: int,
    ) -> None:
        self._random = random
        self._lines = vocabulary.lines(random)
        self._kinds = self._drawn_kinds()
        self._streamers = streamers
        self._crowds = crowds
        self._number = (100_000 + hour) << 24
        self._toast: GuardReport | None = None
        self._makers: dict[str, Callable[[int, int, Person], AnyEvent]] = {
            "danmaku": self._danmaku,
            "gift": self._gift,
            "interaction": self._interaction,
            "super chat": self._super_chat,
            "guard": self._guard,
        }

    def rest(self) -> Iterator[AnyEvent]:
        """What is still to be said."""
        if self._toast is not None:
            yield self._toast

    def event(self, at: int, rank: int) -> AnyEvent:
        """At ``at`` (ms) in the room of that rank: what somebody does, or the rest of a guard's purchase."""
        if self._toast is not None:
            toast, self._toast = self._toast, None
            return toast
        self._number += 1
        person = self._crowds[rank].somebody(self._random.random())
        return self._makers[next(self._kinds)](at, self._streamers[rank].room_id, person)

    def _drawn_kinds(self) -> Iterator[str]:
        while True:
            yield from self._random.choices([*MIX], [*MIX.values()], k=10_000)

    def _danmaku(self, at: int, room_id: int, person: Person) -> Danmaku:
        number, text = self._number, next(self._lines)
        sticker, emotes = "", {}
        if number % 64 == 0:
            text, sticker = _STICKER, _PICTURE.format(number % 977)
        elif number % 64 == 1:
            text, emotes = f"{text}[dog]", {"[dog]": _PICTURE.format(7)}
        return Danmaku(
            event_id(at, room_id, "danmaku", f"{number:x}"),
            room_id,
            at,
            at + 200 + number % 800,
            person.uid,
            person.name,
            text,
            person.medal_name,
            person.medal_level,
            0,
            person.guard_level,
            person.wealth_level,
            False,
            False,
            number % 499 == 0,
            1,
            0xFFFFFF if number % 5 else 0x54EED8,
            1 if sticker else 0,
            sticker,
            emotes,
        )

    def _gift(self, at: int, room_id: int, person: Person) -> Gift:
        ((gift_id, name, gold, _),) = self._random.choices(GIFTS, [often for *_, often in GIFTS])
        num = 1 + self._number % 7 // 6 * 9
        second, tid = at // 1000 * 1000, str(self._number)
        return Gift(
            *(event_id(second, room_id, "gift", tid), room_id, second, at + 300),
            uid=person.uid,
            username=person.name,
            gift_id=gift_id,
            gift_name=name,
            num=num,
            price=gold,
            total_coin=gold * num,
            coin_type="gold",
            tid=tid,
            medal_name=person.medal_name,
            medal_level=person.medal_level,
            guard_level=person.guard_level,
            wealth_level=person.wealth_level,
            is_backpack=self._number % 30 == 0,
        )

    def _interaction(self, at: int, room_id: int, person: Person) -> Interaction:
        (visit,) = self._random.choices([*_VISITS], [*_VISITS.values()])
        key: list[str | int | None] = [person.uid or person.name, visit, at]
        return Interaction(
            *(event_id(at, room_id, "interaction", key), room_id, at, at + 300),
            uid=person.uid,
            username=person.name,
            msg_type=visit,
            medal_name=person.medal_name,
            medal_level=person.medal_level,
            guard_level=person.guard_level,
        )

    def _super_chat(self, at: int, room_id: int, person: Person) -> SuperChat:
        (price,) = self._random.choices([*_SUPER_CHATS], [*_SUPER_CHATS.values()])
        second, number = at // 1000 * 1000, self._number & 0xFFFF_FFFF_FFFF
        return SuperChat(
            *(event_id(second, room_id, "super_chat", number), room_id, second, at + 300),
            super_chat_id=number,
            uid=person.uid,
            username=person.name,
            message=next(self._lines) + next(self._lines),
            price=price,
            end_at=second + 60_000,
            medal_name=person.medal_name,
            medal_level=person.medal_level,
            guard_level=person.guard_level,
            background_color="#EDF5FF",
        )

    def _guard(self, at: int, room_id: int, person: Person) -> GuardReport:
        """The purchase; what it cost is told by the toast, which comes next."""
        (level,) = self._random.choices([*_GUARDS], [often for often, *_ in _GUARDS.values()])
        _, price, role = _GUARDS[level]
        second, payflow = at // 1000 * 1000, f"{self._number:x}"
        told: dict[str, Any] = {
            "uid": person.uid,
            "username": person.name,
            "guard_level": level,
            "num": 1,
            "role_name": role,
        }
        self._toast = GuardReport(
            *(event_id(second, room_id, "guard_toast", payflow), room_id, second, at + 400),
            report="toast",
            price=price - 60_000 if self._number % 3 else price,
            unit="月",
            payflow_id=payflow,
            op_type=1,
            **told,
        )
        key: list[str | int | None] = [person.uid or person.name, level]
        return GuardReport(
            *(event_id(second, room_id, "guard_bought", key), room_id, second, at + 300),
            report="bought",
            price=price,
            **told,
        )
