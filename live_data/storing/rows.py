"""Events to the values of their columns: one line in ROWS per event type. Saves nothing, makes no model."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeAlias

from bilibili_live.events import (
    AnyEvent,
    Coverage,
    Danmaku,
    Gift,
    GuardReport,
    Interaction,
    RedPacket,
    RoomState,
    SuperChat,
    SuperChatDeletion,
)
from live_data import revenue
from live_data.instants import utc_text
from live_data.models import (
    CoverageSpan,
    DanmakuData,
    GiftData,
    GuardReportData,
    InteractionData,
    RedPacketReportData,
    RoomStateData,
    SuperChatData,
    SuperChatDeletionData,
)
from live_data.models.event_row import EventRow
from live_data.storing.inserting import Cell, Row

#: An event of the form's type, and the uid of its room's anchor (None = not known yet).
Made: TypeAlias = Callable[[Any, int | None], Cell]

_SAME = ("event_id", "room_id")
_MADE = ("timestamp", "received_at", "parser_version", "created_at")


@dataclass(frozen=True)
class RowForm:
    """How events of one type become rows of ``table``. Columns that are not named begin as NULL."""

    table: type[EventRow]
    #: Columns that have the value of the event's field of the same name.
    same: tuple[str, ...]
    #: The others, and what makes their values.
    made: Mapping[str, Made] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """In the order of a row's values."""
        return (*_SAME, *self.same, *_MADE, *self.made)

    def rows(
        self,
        arrivals: Iterable[tuple[AnyEvent, int]],
        anchors: Mapping[int, int | None],
        stored_at: datetime,
    ) -> list[Row]:
        """Of events, each with the version of its parser; ``anchors``: uids, by room.

        Raises OverflowError for a time beyond the calendar.
        """
        same, made = attrgetter(*_SAME, *self.same), tuple(self.made.values())
        stored = str(stored_at.replace(tzinfo=None))
        return [
            (
                *same(event),
                utc_text(event.at),
                utc_text(event.received_at),
                version,
                stored,
                *[make(event, anchors[event.room_id]) for make in made],
            )
            for event, version in arrivals
        ]


def _json(value: object) -> str | None:
    """As the column's JSONField writes it; NULL for what is empty."""
    return json.dumps(value) if value else None


_PERSON = ("uid", "username")
_MEDAL = ("medal_name", "medal_level", "guard_level")

#: Event type -> its form. Gauges, room infos and clocks have none.
ROWS: dict[type, RowForm] = {
    Danmaku: RowForm(
        DanmakuData,
        (
            *_PERSON,
            *_MEDAL,
            "message",
            "user_level",
            "is_admin",
            "is_vip",
            "wealth_level",
            "is_mirror",
            "mode",
            "color",
            "dm_type",
            "sticker_url",
        ),
        {"emotes": lambda event, _: _json(event.emotes)},
    ),
    Gift: RowForm(
        GiftData,
        (
            *_PERSON,
            *_MEDAL,
            "gift_name",
            "gift_id",
            "num",
            "coin_type",
            "total_coin",
            "wealth_level",
            "tid",
            "is_backpack",
            "blind_box_id",
            "blind_box_name",
            "blind_box_price",
            "receiver_uid",
            "receiver_name",
            "combo_id",
        ),
        {"unit_coin": lambda event, _: event.price, "gold": revenue.of_gift},
    ),
    SuperChat: RowForm(
        SuperChatData,
        (*_PERSON, *_MEDAL, "super_chat_id", "message", "message_trans", "price", "background_color"),
        {
            "gold": lambda event, _: revenue.of_super_chat(event),
            "end_time": lambda event, _: utc_text(event.end_at),
        },
    ),
    SuperChatDeletion: RowForm(
        SuperChatDeletionData, (), {"super_chat_ids": lambda event, _: json.dumps(event.super_chat_ids)}
    ),
    GuardReport: RowForm(
        GuardReportData,
        (
            *_PERSON,
            "report",
            "guard_level",
            "num",
            "unit",
            "price",
            "payflow_id",
            "source",
            "op_type",
            "role_name",
        ),
    ),
    Interaction: RowForm(InteractionData, (*_PERSON, *_MEDAL, "msg_type")),
    RoomState: RowForm(
        RoomStateData, ("what", "value", "title", "area_name", "parent_area_name", "detail", "uid")
    ),
    Coverage: RowForm(CoverageSpan, ("state", "cause", "detail")),
    RedPacket: RowForm(
        RedPacketReportData,
        (*_PERSON, "report", "form", "lot_id", "num", "price", "total_price", "winners"),
        {
            "gifts": lambda event, _: _json(event.gifts),
            "end_time": lambda event, _: None if event.end_at is None else utc_text(event.end_at),
        },
    ),
}
