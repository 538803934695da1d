"""Objects of the models made from events, as anyone would who knows Django and nothing of our storing."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import models

from bilibili_live.events import (
    AnyEvent,
    Danmaku,
    Gift,
    GuardReport,
    Interaction,
    RoomState,
    SuperChat,
)
from live_data import revenue
from live_data.instants import moment
from live_data.models import (
    DanmakuData,
    GiftData,
    GuardReportData,
    InteractionData,
    RoomStateData,
    SuperChatData,
)

_TABLES: dict[type, type[models.Model]] = {
    Danmaku: DanmakuData,
    Gift: GiftData,
    GuardReport: GuardReportData,
    Interaction: InteractionData,
    RoomState: RoomStateData,
    SuperChat: SuperChatData,
}


def plain_rows(events: Sequence[AnyEvent]) -> dict[type[models.Model], list[models.Model]]:
    """By table; what has none is left out."""
    now = datetime.now(UTC)
    rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for event in events:
        if (table := _TABLES.get(type(event))) is not None:
            rows[table].append(table(**_columns(event, table, now)))
    return rows


_SAME: dict[type, list[str]] = {}


def _columns(event: Any, table: type[models.Model], now: datetime) -> dict[str, Any]:
    if table not in _SAME:
        names = {field.attname for field in table._meta.concrete_fields if not field.generated}
        _SAME[table] = [name for name in event.__struct_fields__ if name in names and name != "received_at"]
    values = {name: getattr(event, name) for name in _SAME[table]}
    values |= {
        "timestamp": moment(event.at),
        "received_at": moment(event.received_at),
        "parser_version": 2,
        "stored_at": now,
    }
    if isinstance(event, Gift):
        values |= {"unit_coin": event.price, "gold": revenue.of_gift(event)}
    if isinstance(event, SuperChat):
        values |= {"gold": revenue.of_super_chat(event), "end_time": moment(event.end_at)}
    return values
