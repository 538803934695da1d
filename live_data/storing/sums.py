"""What things that happened come to, by minute, by day, by person, by gift and by name. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from live_data.days import MINUTE, Days
from live_data.models.counts import COUNTS
from live_data.storing import counted
from live_data.storing.counted import Counted, CountedGift

#: Of COUNTS, in their order.
Figures: TypeAlias = list[int]

#: (room, day, sort, whether it is a box, number, name): the keys of GiftDay.
GiftKey: TypeAlias = tuple[int, date, int, bool, int, str]

#: kind -> the places in COUNTS of its number and its gold. Danmaku have no gold to add.
PLACES = {
    counted.DANMAKU: (0, 4),
    counted.GIFT: (1, 4),
    counted.SUPER_CHAT: (2, 5),
    counted.GUARD: (3, 6),
}


@dataclass(slots=True)
class Sums:
    """Figures may be negative, and 0, where something went."""

    minutes: dict[tuple[int, int], Figures] = field(default_factory=dict)  #: by room, minutes since the epoch
    days: dict[tuple[int, date], Figures] = field(default_factory=dict)  #: by room
    people: dict[tuple[int, date, int], Figures] = field(default_factory=dict)  #: by room, with their uid
    gifts: dict[GiftKey, Figures] = field(default_factory=dict)  #: of GIFT_SUMS, in their order
    names: dict[tuple[int, str, date], int] = field(default_factory=dict)  #: by uid: how often shown


def summed(came: Iterable[Counted], went: Iterable[Counted], days: Days) -> Sums:
    """Raises OverflowError beyond the calendar."""
    sums, day_of = Sums(), _DayOf(days)
    for things, sign in ((came, 1), (went, -1)):
        _add(sums, things, sign, day_of)
    for (room_id, minute), some in sums.minutes.items():
        total = sums.days.setdefault((room_id, day_of[minute]), [0] * len(COUNTS))
        total[:] = map(int.__add__, total, some)
    return sums


class _DayOf(dict[int, date]):
    """Of a minute since the epoch."""

    def __init__(self, days: Days) -> None:
        super().__init__()
        self._days = days

    def __missing__(self, minute: int) -> date:
        day = self[minute] = self._days.of(minute * MINUTE)
        return day


def _add(sums: Sums, things: Iterable[Counted], sign: int, day_of: Mapping[int, date]) -> None:
    minutes, people, names = sums.minutes, sums.people, sums.names
    for kind, room_id, at, uid, username, gold, gift in things:
        number, money = PLACES[kind]
        minute = at // MINUTE
        if (figures := minutes.get((room_id, minute))) is None:
            figures = minutes[room_id, minute] = [0] * len(COUNTS)
        figures[number] += sign
        figures[money] += sign * gold
        if gift is not None:
            _add_gift(sums.gifts, (room_id, day_of[minute], *gift[:4]), gift, sign, sign * gold)
        if uid is None:
            continue
        day = day_of[minute]
        if (figures := people.get((room_id, day, uid))) is None:
            figures = people[room_id, day, uid] = [0] * len(COUNTS)
        figures[number] += sign
        figures[money] += sign * gold
        shown = (uid, username, day)
        names[shown] = names.get(shown, 0) + sign


def _add_gift(gifts: dict[GiftKey, Figures], key: GiftKey, gift: CountedGift, sign: int, gold: int) -> None:
    line = (sign, sign * gift.num, sign * gift.coins, gold, sign * gift.revealed)
    gifts[key] = list(map(int.__add__, gifts[key], line)) if key in gifts else list(line)
