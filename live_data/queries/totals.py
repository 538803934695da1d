"""Figures of a stretch of time: what was said and given, and by how many people."""

from datetime import datetime, timedelta
from typing import TypeAlias, TypedDict, cast

from django.db.models import Case, CharField, Count, F, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Concat

from live_data import keyset
from live_data.models import (
    DanmakuData,
    EventCount,
    GiftData,
    GuardPurchase,
    MinuteCount,
    SuperChatData,
)

Rolled: TypeAlias = DanmakuData | GiftData | SuperChatData | GuardPurchase

_MINUTE_KINDS = ("danmaku", "gifts", "super_chats", "guards", "gold")
_PAID = (GiftData, SuperChatData, GuardPurchase)
_TABLES = (DanmakuData, *_PAID)

#: By uid; where the site hides it, by the name as shown.
_PERSON = Case(
    When(uid__isnull=False, then=Concat(Value("uid "), Cast("uid", CharField()))),
    default=Concat(Value("name "), F("username")),
    output_field=CharField(),
)


class Figures(TypedDict):
    danmaku: int
    gifts: int
    super_chats: int
    guards: int
    gold: int


def outcomes() -> dict[str, int]:
    """Events by what became of them, since the beginning."""
    return dict(EventCount.objects.order_by().values_list("outcome").annotate(Sum("count")))


def counted(since: datetime, until: datetime, room_id: int | None = None) -> Figures:
    """Of whole minutes that begin in [since, until): mirrored danmaku are in no count."""
    minutes = MinuteCount.objects.filter(minute__gte=since, minute__lt=until)
    if room_id is not None:
        minutes = minutes.filter(room_id=room_id)
    sums = minutes.aggregate(**{kind: Sum(kind) for kind in _MINUTE_KINDS})
    return cast(Figures, {kind: sums[kind] or 0 for kind in _MINUTE_KINDS})


def soon(now: datetime) -> datetime:
    """The end of "now": clocks differ a little, but an event of the far future must not count for ever."""
    return now + timedelta(seconds=5)


def last_minute(now: datetime, room_id: int | None = None) -> Figures:
    """Of the 60 seconds before ``now``, counted from the rows."""
    since, until = now - timedelta(minutes=1), soon(now)
    paid = [
        _rows(table, since, until, room_id).order_by().aggregate(lines=Count("pk"), gold=Sum("gold"))
        for table in _PAID
    ]
    gifts, super_chats, guards = (each["lines"] for each in paid)
    gold = sum(each["gold"] or 0 for each in paid)
    danmaku = _rows(DanmakuData, since, until, room_id).filter(is_mirror=False).count()
    return Figures(danmaku=danmaku, gifts=gifts, super_chats=super_chats, guards=guards, gold=gold)


def people(since: datetime, until: datetime, room_id: int | None = None) -> int:
    """Who said or gave something. A lower bound where names are masked: two may look the same."""
    first, *others = (
        _rows(table, since, until, room_id).order_by().values_list(_PERSON.copy()).distinct()
        for table in _TABLES
    )
    return first.union(*others).count()


def _rows(table: type[Rolled], since: datetime, until: datetime, room_id: int | None) -> "QuerySet[Rolled]":
    """By the event's own time, which the event_id of all rooms begins with."""
    rows: QuerySet[Rolled] = table._default_manager.all()
    if room_id is not None:
        return rows.filter(room_id=room_id, timestamp__gte=since, timestamp__lt=until)
    return rows.filter(event_id__gte=keyset.floor(since), event_id__lt=keyset.floor(until))
