"""What was given in a stretch of time, as pages and the API tell it. Dear on long stretches: kept a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Generic, NamedTuple, TypeVar

from live_data.models import LiveRoom
from live_data.queries import blindness, calendar, gift_items, payers, red_packets, takings
from live_data.queries.calendar import Stretch
from live_data.queries.gift_items import Item, Outside
from live_data.queries.lists import Chosen
from live_data.queries.moment import one_moment
from live_data.queries.payers import Payer
from live_data.queries.remembered import Remembered
from live_data.queries.takings import Gold, Guards, SuperChats

MOST = 50  #: rows of one table
_KEPT_FOR = 4.0  #: s

Row = TypeVar("Row")


class Top(NamedTuple, Generic[Row]):
    """The first rows of a table, and how many there are more."""

    rows: Sequence[Row]
    more: int


class RoomGold(NamedTuple):
    room_id: int
    name: str
    gold: Gold


class Part(NamedTuple):
    """An hour, day or month, or what of it was chosen."""

    label: str
    stretch: Stretch
    gold: Gold


class Blind(NamedTuple):
    room_id: int
    name: str
    lasted: timedelta


@dataclass(frozen=True, slots=True)
class Takings:
    """Revenue by kind, then by room, time, gift and payer; and what is outside of it."""

    gold: Gold
    gift_lines: int  #: paid ones
    super_chats: SuperChats
    guards: list[Guards]
    outside: list[Outside]
    rooms: Top[RoomGold]
    parts: list[Part]
    paid: Top[Item]
    unpaid: Top[Item]
    payers: Top[Payer]
    known_payers: int
    masked_payers: int
    blind: Top[Blind]

    @property
    def guard_lines(self) -> int:
        return sum(guards.lines for guards in self.guards)

    @property
    def blind_rooms(self) -> int:
        return len(self.blind.rows) + self.blind.more


_remembered: Remembered[Takings] = Remembered(_KEPT_FOR)


def forget() -> None:
    """What other tests, or another database, had."""
    _remembered.forget()


def taken(chosen: Chosen, stretch: Stretch, zone: tzinfo) -> Takings:
    """Of what is chosen, within the stretch; days are the zone's."""
    return _remembered.get((chosen, str(zone)), lambda: _taken(chosen, stretch, zone))


def _taken(chosen: Chosen, stretch: Stretch, zone: tzinfo) -> Takings:
    now = datetime.now(UTC)
    with one_moment():
        items, people = gift_items.items(chosen), payers.payers(chosen, MOST)
        begins, ends = _ends(stretch, zone, now)
        revenue = takings.revenue(chosen, begins)
        blind = blindness.blind_time(stretch, now, chosen.room_ids)
        names = dict(
            LiveRoom.objects.filter(room_id__in={*revenue.by_room, *blind}).values_list("room_id", "uname")
        )
        super_chats, guards = takings.super_chats(chosen), takings.guards(chosen)
        packets = red_packets.outside(chosen)
    paid = [item for item in items if item.sort == "paid"]
    of_rooms = [RoomGold(room_id, names.get(room_id, ""), gold) for room_id, gold in revenue.by_room.items()]
    return Takings(
        gold=Gold(*(sum(kind) for kind in zip(*revenue.by_time, strict=True))),
        gift_lines=sum(item.lines for item in paid),
        super_chats=super_chats,
        guards=guards,
        outside=[*gift_items.outside(items), *packets],
        rooms=_top(sorted(of_rooms, key=lambda room: (-room.gold.total, room.room_id))),
        parts=[
            Part(calendar.label(at, calendar.step(stretch), zone), Stretch(at, end), gold)
            for at, end, gold in zip(begins, ends, revenue.by_time, strict=True)
        ],
        paid=_top(paid),
        unpaid=_top([item for item in items if item.sort != "paid"]),
        payers=Top(people.first, people.known + people.masked - len(people.first)),
        known_payers=people.known,
        masked_payers=people.masked,
        blind=_top([Blind(room_id, names.get(room_id, ""), lasted) for room_id, lasted in blind.items()]),
    )


def _ends(stretch: Stretch, zone: tzinfo, now: datetime) -> tuple[list[datetime], list[datetime]]:
    """Of its parts that have begun: the rest of today is no silence; what is dated later is in the last."""
    begun = calendar.divided(stretch, zone)
    begins = [at for at in begun if at <= now] or begun[:1]
    return begins, [*begins[1:], stretch.until if len(begins) == len(begun) else begun[len(begins)]]


def _top(rows: Sequence[Row]) -> Top[Row]:
    return Top(rows[:MOST], max(0, len(rows) - MOST))
