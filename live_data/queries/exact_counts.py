"""What a room had in any stretch of time, exactly: whole minutes from the rollup, the ends from rows."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, models

from live_data.models import DanmakuData, GiftData, GuardPurchase, MinuteCount, SuperChatData
from live_data.queries.calendar import Stretch

_MINUTE = timedelta(minutes=1)


class Counts(NamedTuple):
    """Columns of MinuteCount; mirrored danmaku are in no count."""

    danmaku: int = 0
    gifts: int = 0
    super_chats: int = 0
    guards: int = 0
    gift_gold: int = 0
    super_chat_gold: int = 0
    guard_gold: int = 0

    @property
    def gold(self) -> int:
        """Revenue of all kinds."""
        return self.gift_gold + self.super_chat_gold + self.guard_gold


def counted(room_id: int, stretch: Stretch) -> Counts:
    """In one statement: lists ask for many stretches."""
    whole = whole_minutes(stretch)
    parts = [(_OF_MINUTES, whole)] if whole else []
    parts += [(of_rows, end) for end in _ends(stretch, whole) for of_rows in _OF_ROWS]
    if not parts:
        return Counts()
    sums = ", ".join(f"SUM({name})" for name in Counts._fields)
    union = " UNION ALL ".join(select for select, _ in parts)
    adapted = connection.ops.adapt_datetimefield_value
    ends = [(room_id, adapted(part.since), adapted(part.until)) for _, part in parts]
    with connection.cursor() as cursor:
        # Names of our own tables and columns; every value is a parameter.
        cursor.execute(f"SELECT {sums} FROM ({union}) AS parts", [each for end in ends for each in end])  # noqa: S608 - as said above
        return Counts(*(int(figure or 0) for figure in cursor.fetchone()))


def _select(table: type[models.Model], at: str, columns: Mapping[str, str], condition: str = "") -> str:
    """One part of the union: the columns of Counts, of one room from one moment until another."""
    shown = ", ".join(f"{columns.get(name, '0')} AS {name}" for name in Counts._fields)
    where = f"room_id = %s AND {at} >= %s AND {at} < %s{condition}"
    return f"SELECT {shown} FROM {table._meta.db_table} WHERE {where}"  # noqa: S608 - names of ours alone


_GOLD = "COALESCE(SUM(gold), 0)"
_OF_MINUTES = _select(MinuteCount, "minute", {name: name for name in Counts._fields})
_OF_ROWS = (
    _select(DanmakuData, "timestamp", {"danmaku": "COUNT(*)"}, " AND NOT is_mirror"),
    _select(GiftData, "timestamp", {"gifts": "COUNT(*)", "gift_gold": _GOLD}),
    _select(SuperChatData, "timestamp", {"super_chats": "COUNT(*)", "super_chat_gold": _GOLD}),
    _select(GuardPurchase, "timestamp", {"guards": "COUNT(*)", "guard_gold": _GOLD}),
)


def whole_minutes(stretch: Stretch) -> Stretch | None:
    """Those within it; None = there are none."""
    since = _minute_of(stretch.since + _MINUTE - timedelta(microseconds=1))
    until = _minute_of(stretch.until)
    return Stretch(since, until) if since < until else None


def _ends(stretch: Stretch, whole: Stretch | None) -> Iterator[Stretch]:
    """What is left of it beside its whole minutes."""
    if whole is None:
        yield stretch
        return
    for end in (Stretch(stretch.since, whole.since), Stretch(whole.until, stretch.until)):
        if end.since < end.until:
            yield end


def _minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
