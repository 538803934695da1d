"""Events to rows: one function and one line in ROWS per event type. Saves nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bilibili_live.events import (
    AnyEvent,
    Coverage,
    Danmaku,
    Gift,
    GuardReport,
    Interaction,
    RoomState,
    SuperChat,
    SuperChatDeletion,
)
from live_data import revenue
from live_data.instants import moment
from live_data.models import (
    CoverageSpan,
    DanmakuData,
    GiftData,
    GuardReportData,
    InteractionData,
    RoomStateData,
    SuperChatData,
    SuperChatDeletionData,
)
from live_data.models.event_row import EventRow


@dataclass(frozen=True, slots=True)
class Source:
    """What a row says beside its event."""

    parser_version: int
    stored_at: datetime
    anchor_uid: int | None = None  #: of the room; None = not known yet


def row_of(event: AnyEvent, source: Source) -> EventRow:
    """An unsaved row. Raises OverflowError or ValueError for what no column can hold."""
    return ROWS[type(event)][1](event, source)


def _common(event: AnyEvent, source: Source) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "room_id": event.room_id,
        "timestamp": moment(event.at),
        "received_at": moment(event.received_at),
        "parser_version": source.parser_version,
        "stored_at": source.stored_at,
    }


def _danmaku(event: Danmaku, source: Source) -> DanmakuData:
    return DanmakuData(
        **_common(event, source),
        uid=event.uid,
        username=event.username,
        message=event.message,
        medal_name=event.medal_name,
        medal_level=event.medal_level,
        user_level=event.user_level,
        is_admin=event.is_admin,
        is_vip=event.is_vip,
        guard_level=event.guard_level,
        wealth_level=event.wealth_level,
        is_mirror=event.is_mirror,
        mode=event.mode,
        color=event.color,
        dm_type=event.dm_type,
        sticker_url=event.sticker_url,
        emotes=event.emotes or None,
    )


def _gift(event: Gift, source: Source) -> GiftData:
    return GiftData(
        **_common(event, source),
        uid=event.uid,
        username=event.username,
        gift_name=event.gift_name,
        gift_id=event.gift_id,
        num=event.num,
        coin_type=event.coin_type,
        unit_coin=event.price,
        total_coin=event.total_coin,
        gold=revenue.of_gift(event, source.anchor_uid),
        medal_name=event.medal_name,
        medal_level=event.medal_level,
        guard_level=event.guard_level,
        wealth_level=event.wealth_level,
        tid=event.tid,
        is_backpack=event.is_backpack,
        blind_box_id=event.blind_box_id,
        blind_box_name=event.blind_box_name,
        blind_box_price=event.blind_box_price,
        receiver_uid=event.receiver_uid,
        receiver_name=event.receiver_name,
        combo_id=event.combo_id,
    )


def _super_chat(event: SuperChat, source: Source) -> SuperChatData:
    return SuperChatData(
        **_common(event, source),
        super_chat_id=event.super_chat_id,
        uid=event.uid,
        username=event.username,
        message=event.message,
        message_trans=event.message_trans,
        price=event.price,
        gold=revenue.of_super_chat(event),
        end_time=moment(event.end_at),
        medal_name=event.medal_name,
        medal_level=event.medal_level,
        guard_level=event.guard_level,
        background_color=event.background_color,
    )


def _deletion(event: SuperChatDeletion, source: Source) -> SuperChatDeletionData:
    return SuperChatDeletionData(**_common(event, source), super_chat_ids=event.super_chat_ids)


def _guard_report(event: GuardReport, source: Source) -> GuardReportData:
    return GuardReportData(
        **_common(event, source),
        report=event.report,
        uid=event.uid,
        username=event.username,
        guard_level=event.guard_level,
        num=event.num,
        unit=event.unit,
        price=event.price,
        payflow_id=event.payflow_id,
        source=event.source,
        op_type=event.op_type,
        role_name=event.role_name,
    )


def _interaction(event: Interaction, source: Source) -> InteractionData:
    return InteractionData(
        **_common(event, source),
        uid=event.uid,
        username=event.username,
        msg_type=event.msg_type,
        medal_name=event.medal_name,
        medal_level=event.medal_level,
        guard_level=event.guard_level,
    )


def _room_state(event: RoomState, source: Source) -> RoomStateData:
    return RoomStateData(
        **_common(event, source),
        what=event.what,
        value=event.value,
        title=event.title,
        area_name=event.area_name,
        parent_area_name=event.parent_area_name,
    )


def _coverage(event: Coverage, source: Source) -> CoverageSpan:
    return CoverageSpan(**_common(event, source), state=event.state, cause=event.cause, detail=event.detail)


#: Event type -> its table, and the function that makes a row of it. Gauges and room infos have none.
ROWS: dict[type, tuple[type[EventRow], Callable[[Any, Source], EventRow]]] = {
    Danmaku: (DanmakuData, _danmaku),
    Gift: (GiftData, _gift),
    SuperChat: (SuperChatData, _super_chat),
    SuperChatDeletion: (SuperChatDeletionData, _deletion),
    GuardReport: (GuardReportData, _guard_report),
    Interaction: (InteractionData, _interaction),
    RoomState: (RoomStateData, _room_state),
    Coverage: (CoverageSpan, _coverage),
}
