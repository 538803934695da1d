"""What rollups must say, worked out from the rows in another way than the product does: row by row, with the
date on the wall of the zone."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from live_data import revenue
from live_data.models import (
    DanmakuData,
    DayCount,
    GiftData,
    GiftDay,
    GuardPurchase,
    MinuteCount,
    PersonDay,
    PersonName,
    PersonRoom,
    SummedDays,
    SuperChatData,
)

Figures: TypeAlias = dict[Any, Counter[str]]

_TABLES: tuple[tuple[Any, str, str], ...] = (
    (DanmakuData, "danmaku", ""),
    (GiftData, "gifts", "gift_gold"),
    (SuperChatData, "super_chats", "super_chat_gold"),
    (GuardPurchase, "guards", "guard_gold"),
)
_NAMES = tuple(name for _, *names in _TABLES for name in names if name)


def of_rows(zone: str = "Asia/Shanghai", hours: int = 0) -> list[dict[Any, Any]]:
    """By minute, day, person; rooms of people, and their sums; names; and gifts. ``hours`` after midnight
    days begin."""
    minutes: Figures = defaultdict(Counter)
    days: Figures = defaultdict(Counter)
    people: Figures = defaultdict(Counter)
    names: dict[Any, set[date]] = defaultdict(set)
    for table, number, gold in _TABLES:
        for row in table.objects.all():
            if getattr(row, "is_mirror", False):
                continue
            day = _day(row.timestamp, zone, hours)
            places = [minutes[row.room_id, row.timestamp.replace(second=0, microsecond=0)]]
            places.append(days[row.room_id, day])
            if row.uid is not None:
                places.append(people[row.room_id, row.uid, day])
                names[row.uid, row.username].add(day)
            for figures in places:
                figures[number] += 1
                if gold:
                    figures[gold] += row.gold
    told = [{key: dict(+figures) for key, figures in each.items()} for each in (minutes, days, people)]
    named = {key: (min(seen), max(seen)) for key, seen in names.items()}
    return [*told, _stays(told[2]), _sums(people), named, _gifts(zone, hours)]


def _stays(people: dict[Any, Any]) -> dict[Any, Any]:
    """First and last day; first day with danmaku, first day with gold."""
    days: dict[Any, dict[date, dict[str, int]]] = defaultdict(dict)
    for (room_id, uid, day), figures in people.items():
        days[room_id, uid][day] = figures
    stays = {}
    for pair, of_pair in days.items():
        chats = [day for day, figures in of_pair.items() if "danmaku" in figures]
        paid = [day for day, figures in of_pair.items() if any(name.endswith("_gold") for name in figures)]
        stays[pair] = (min(of_pair), max(of_pair), min(chats, default=None), min(paid, default=None))
    return stays


def _gifts(zone: str, hours: int) -> dict[Any, Any]:
    """Lines, number, coins, gold, and worth of what came out of boxes."""
    gifts: dict[Any, list[int]] = defaultdict(lambda: [0] * 5)
    for row in GiftData.objects.all():
        is_box = row.blind_box_id is not None
        number, name = (row.blind_box_id, row.blind_box_name) if is_box else (row.gift_id, row.gift_name)
        revealed = row.unit_coin * row.num if is_box and row.coin_type == "gold" else 0
        day = _day(row.timestamp, zone, hours)
        sums = gifts[row.room_id, day, revenue.sort_of(row, row.gold), is_box, number, name[:100]]
        figures = (1, row.num, row.total_coin, row.gold, revealed if revealed <= 10**15 else 0)
        sums[:] = map(int.__add__, sums, figures)
    return {key: tuple(sums) for key, sums in gifts.items()}


def _sums(people: Figures) -> dict[Any, Any]:
    """Of the days that are said to be summed."""
    summed = dict(SummedDays.objects.values_list("room_id", "before"))
    sums: Figures = defaultdict(Counter)
    for (room_id, uid, day), figures in people.items():
        sums[room_id, uid].update(figures if day < summed.get(room_id, date.min) else {})
    return {pair: dict(+figures) for pair, figures in sums.items()}


def stored() -> list[dict[Any, Any]]:
    """The same as SQL has it. No row may be empty."""
    tables: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (MinuteCount, ("room_id", "minute")),
        (DayCount, ("room_id", "day")),
        (PersonDay, ("room_id", "uid", "day")),
    )
    told = [
        {
            tuple(row[key] for key in keys): {name: row[name] for name in _NAMES if row[name]}
            for row in table.objects.values(*keys, *_NAMES)
        }
        for table, keys in tables
    ]
    ends = ("first_day", "last_day", "first_chat_day", "first_paid_day")
    rooms = PersonRoom.objects.values("room_id", "uid", *ends, *_NAMES)
    names = PersonName.objects.values_list("uid", "username", "first_day", "last_day")
    stays = {(row["room_id"], row["uid"]): tuple(row[end] for end in ends) for row in rooms}
    sums = {(row["room_id"], row["uid"]): {name: row[name] for name in _NAMES if row[name]} for row in rooms}
    gifts = {
        (row.room_id, row.day, revenue.SORTS[row.sort], row.is_box, row.number, row.name): (
            (row.lines, row.num, row.coins, row.gold, row.revealed)
        )
        for row in GiftDay.objects.all()
    }
    return [*told, stays, sums, {(uid, name): (first, last) for uid, name, first, last in names}, gifts]


def _day(time: datetime, zone: str, hours: int) -> date:
    return (time.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(hours=hours)).date()
