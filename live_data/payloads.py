"""Items as JSON has them, the same from SQL rows and from live events. Must not query.

Names are the seed's columns. A uid is a string, because JavaScript rounds 64-bit numbers; times are
RFC 3339 in UTC with ms; `gold` is revenue in gold seeds, and prices are its view in CNY, as exact text.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeAlias

from bilibili_live.events import (
    AnyEvent,
    Coverage,
    Danmaku,
    Gift,
    GuardReport,
    RedPacket,
    RoomInfo,
    RoomState,
    SuperChat,
    SuperChatDeletion,
)
from live_data import instants, revenue
from live_data.models import (
    DanmakuData,
    GiftData,
    GuardPurchase,
    LiveRoom,
    RedPacketData,
    SuperChatData,
)

Item = dict[str, Any]  # the JSON boundary
Listed: TypeAlias = DanmakuData | GiftData | SuperChatData | GuardPurchase | RedPacketData

_PERSON = ("username", "medal_name", "medal_level", "guard_level")
_DANMAKU = (
    *_PERSON,
    "message",
    "user_level",
    "wealth_level",
    "is_admin",
    "is_vip",
    "is_mirror",
    "mode",
    "color",
    "dm_type",
    "sticker_url",
)
_GIFT = (
    *_PERSON,
    "gift_name",
    "gift_id",
    "num",
    "coin_type",
    "total_coin",
    "wealth_level",
    "is_backpack",
    "blind_box_id",
    "blind_box_name",
    "blind_box_price",
    "receiver_name",
    "combo_id",
)
_SUPER_CHAT = (*_PERSON, "message", "message_trans", "background_color")
_GUARD = ("username", "guard_level", "num", "unit", "payflow_id")
_ROOM_STATE = ("what", "value", "title", "area_name", "parent_area_name", "detail")
_ROOM = (
    "room_id",
    "short_id",
    "title",
    "uname",
    "face",
    "online",
    "status",
    "area_name",
    "parent_area_name",
    "cover",
    "followers",
    "connect_when",
)


def rfc3339(moment: datetime) -> str:
    """ "2026-10-01T12:00:00.123Z"."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rfc3339_ms(milliseconds: int) -> str:
    """The same of epoch milliseconds."""
    return rfc3339(instants.moment(milliseconds))


def cny(gold: int) -> str:
    """Gold seeds in CNY: "1.55", with a third decimal only where it is needed."""
    sign, whole, rest = "-" if gold < 0 else "", *divmod(abs(gold), revenue.GOLD_PER_CNY)
    decimals = f"{rest:03d}"
    return f"{sign}{whole}.{decimals.removesuffix('0')}"


def _uid(uid: int | None) -> str | None:
    return None if uid is None else str(uid)


def _fields(source: object, names: Iterable[str]) -> Item:
    return {name: getattr(source, name) for name in names}


def _of_row(row: Listed) -> Item:
    return {
        "id": row.pk,
        "event_id": bytes(row.event_id).hex(),
        "room_id": row.room_id,
        "uid": _uid(row.uid),
        "timestamp": rfc3339(row.timestamp),
    }


def _of_event(event: Danmaku | Gift | SuperChat | GuardReport | RedPacket) -> Item:
    return {
        "event_id": event.event_id.hex(),
        "room_id": event.room_id,
        "uid": _uid(event.uid),
        "timestamp": rfc3339_ms(event.at),
    }


def _stored(row: DanmakuData | GiftData | SuperChatData) -> Item:
    return {"received_at": rfc3339(row.received_at), "created_at": rfc3339(row.stored_at)}


def _danmaku(source: DanmakuData | Danmaku) -> Item:
    return {**_fields(source, _DANMAKU), "emotes": source.emotes or {}}


def danmaku_row(row: DanmakuData) -> Item:
    return {**_of_row(row), **_danmaku(row), **_stored(row)}


def _gift(source: GiftData | Gift, unit_coin: int, gold: int) -> Item:
    is_gold = source.coin_type == "gold"
    values = revenue.values_of_gift(source, unit_coin)
    return {
        **_fields(source, _GIFT),
        "receiver_uid": _uid(source.receiver_uid),
        "unit_coin": unit_coin,
        "price": cny(unit_coin if is_gold else 0),
        "total_price": cny(source.total_coin if is_gold else 0),
        "sort": revenue.sort_of(source, gold),
        "list_gold": values.listed,
        "paid_gold": values.paid,
        "revealed_gold": values.revealed,
        "gold": gold,
    }


def gift_row(row: GiftData) -> Item:
    return {**_of_row(row), **_gift(row, row.unit_coin, row.gold), **_stored(row)}


def _super_chat(source: SuperChatData | SuperChat, gold: int) -> Item:
    return {
        **_fields(source, _SUPER_CHAT),
        "super_chat_id": str(source.super_chat_id),
        "price": cny(source.price * revenue.GOLD_PER_CNY),
        "gold": gold,
    }


def super_chat_row(row: SuperChatData) -> Item:
    deleted_at = None if row.deleted_at is None else rfc3339(row.deleted_at)
    times = {"end_time": rfc3339(row.end_time), "deleted_at": deleted_at}
    return {**_of_row(row), **_super_chat(row, row.gold), **times, **_stored(row)}


def guard_row(row: GuardPurchase) -> Item:
    money = {"gold": row.gold, "price": cny(row.gold), "list_gold": row.list_gold, "paid_gold": row.gold}
    return {**_of_row(row), **_fields(row, _GUARD), **money}


def red_packet_row(row: RedPacketData) -> Item:
    return {**_of_row(row), **_red_packet(row, row.paid_gold, row.gifts_gold), "winners": row.winners}


def _red_packet(source: RedPacketData | RedPacket, paid_gold: int | None, gifts_gold: int | None) -> Item:
    """``gold`` is revenue, as everywhere; what was paid for a red packet is none."""
    return {
        "username": source.username,
        "lot_id": str(source.lot_id),
        "paid_gold": paid_gold,
        "gifts_gold": gifts_gold,
        "gifts": source.gifts or {},
        "gold": 0,
    }


LISTS: dict[str, tuple[type[Listed], Callable[[Any], Item]]] = {
    "danmaku": (DanmakuData, danmaku_row),
    "gifts": (GiftData, gift_row),
    "super_chats": (SuperChatData, super_chat_row),
    "guards": (GuardPurchase, guard_row),
    "red_packets": (RedPacketData, red_packet_row),
}
"""What is listed newest first: its table, and what a row of it looks like."""


def _danmaku_event(event: Danmaku) -> Item:
    return {**_of_event(event), **_danmaku(event)}


def _gift_event(event: Gift) -> Item:
    return {**_of_event(event), **_gift(event, event.price, revenue.of_gift(event))}


def _super_chat_event(event: SuperChat) -> Item:
    times = {"end_time": rfc3339_ms(event.end_at), "deleted_at": None}
    return {**_of_event(event), **_super_chat(event, revenue.of_super_chat(event)), **times}


def _guard_event(event: GuardReport) -> Item:
    """A report, not yet a purchase: the page folds those of one purchase, as the sync does."""
    gold = revenue.of_guard_report(event)
    of_report = {"report": event.report, "source": event.source, "gold": gold, "price": cny(gold)}
    return {**_of_event(event), **_fields(event, _GUARD), **of_report}


def _red_packet_event(event: RedPacket) -> Item:
    """A report, not yet a packet: the page folds those of one lot, as the sync does."""
    paid = None if event.price is None else event.price * event.num
    told = _red_packet(event, paid, event.total_price)
    return {**_of_event(event), **told, "report": event.report, "winners": event.winners}


def _state(event: RoomState | Coverage | RoomInfo | SuperChatDeletion) -> Item:
    item = {"room_id": event.room_id, "what": event.kind, "timestamp": rfc3339_ms(event.at)}
    if isinstance(event, RoomState):
        return {**item, **_fields(event, _ROOM_STATE), "uid": _uid(event.uid)}
    if isinstance(event, Coverage):
        return {**item, "state": event.state, "cause": event.cause}
    if isinstance(event, SuperChatDeletion):
        return {**item, "super_chat_ids": [str(number) for number in event.super_chat_ids]}
    return item


_SHOWN: dict[type, tuple[str, Callable[[Any], Item]]] = {
    Danmaku: ("danmaku", _danmaku_event),
    Gift: ("gifts", _gift_event),
    SuperChat: ("super_chats", _super_chat_event),
    GuardReport: ("guards", _guard_event),
    RedPacket: ("red_packets", _red_packet_event),
    RoomState: ("states", _state),
    Coverage: ("states", _state),
    RoomInfo: ("states", _state),
    SuperChatDeletion: ("states", _state),
}


def events(happened: Iterable[AnyEvent], room_ids: frozenset[int] = frozenset()) -> dict[str, list[Item]]:
    """By kind, what pages show of live events; of these rooms only, when any are given.

    Interactions and gauges are not shown one by one.
    """
    shown: dict[str, list[Item]] = {name: [] for name, _ in _SHOWN.values()}
    for event in happened:
        if room_ids and event.room_id not in room_ids:
            continue
        if (place := _SHOWN.get(type(event))) is not None:
            name, item = place
            shown[name].append(item(event))
    return shown


def room_row(room: LiveRoom) -> Item:
    return {
        "id": room.pk,
        **_fields(room, _ROOM),
        "uid": _uid(room.uid),
        "created_at": rfc3339(room.created_at),
        "updated_at": rfc3339(room.updated_at),
    }
