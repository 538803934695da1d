"""What a room tells of an evening, stored as the sync does it, and the sessions that come of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bilibili_live.events import AnyEvent, RoomInfo, RoomState, event_id
from live_data.instants import moment
from live_data.models import LiveSession
from live_data.sessions import settling
from live_data.storing import events
from live_data.storing.events import Arrival
from tests.made import AT, ROOM, coverage, danmaku, gift, guard, room_info, super_chat

MINUTE = 60_000
NOW = datetime(2026, 9, 22, tzinfo=UTC)


def at(minute: float) -> datetime:
    return moment(AT + round(minute * MINUTE))


def state(minute: float, what: str, value: str = "", room_id: int = ROOM) -> RoomState:
    ms = AT + round(minute * MINUTE)
    name = event_id(ms, room_id, "room_state", [what, value])
    return RoomState(event_id=name, room_id=room_id, at=ms, received_at=ms + 40, what=what, value=value)


def poll(minute: float, since: float | None = None, **fields: Any) -> RoomInfo:
    """``since``: minute of the begin; None = off."""
    is_live = since is not None
    told = {"live_status": int(is_live), "live_since": AT + round((since or 0) * MINUTE) if is_live else 0}
    return room_info(round(minute * 60), **(told | fields))


def store(said: Sequence[AnyEvent]) -> None:
    events.store([Arrival(event, 2) for event in said], NOW)
    settling.settle_marked(60.0)


def rows() -> list[tuple[float, str, float | None, str]]:
    return [
        (
            (row.begin - moment(AT)) / timedelta(minutes=1),
            row.begin_is,
            None if row.end is None else (row.end - moment(AT)) / timedelta(minutes=1),
            row.end_is,
        )
        for row in LiveSession.objects.order_by("begin")
    ]


EVENING: list[AnyEvent] = [
    state(0, "live", "a"),
    state(0.05, "live", "a"),
    poll(1, 0),
    state(30, "preparing"),
    state(33, "live", "b"),
    poll(35, 33),
    state(90, "preparing"),
    poll(91),
    poll(101),
    poll(200, 190),
    coverage(205 * 60, "covered"),
    coverage(230 * 60, "blind", "connection lost"),
    poll(400),
    state(500, "live"),
    state(560, "cut_off", "违规"),
]
SESSIONS = [
    (0, "seen", 90, "seen"),
    (190, "inferred", 230, "inferred"),
    (500, "seen", 560, "seen"),
]


def said(minute: float, uid: int | None, **fields: Any) -> AnyEvent:
    return danmaku(round(minute * MINUTE), **{"uid": uid, "username": f"人{uid}", **fields})


#: 10 to 60 min; before and behind it the room is off air.
SESSION: list[AnyEvent] = [state(10, "live", "a"), state(60, "preparing")]
CHAT: list[AnyEvent] = [
    said(5, 1),  # off air: known from then on
    said(10.5, 1, medal_name="小电视", medal_level=3, guard_level=3),
    said(10.6, 1, medal_name="小电视", medal_level=3, guard_level=3),
    said(20, 2, medal_name="别家", medal_level=20),
    said(30, 3),
    said(30.5, None, username="王***"),
    said(59.99, 3, is_mirror=True),
    said(60, 4),  # off air again
]
PAID: list[AnyEvent] = [
    gift(60 * 11, uid=2, total_coin=500, price=500),
    gift(60 * 12, uid=9, total_coin=1500, price=1500),
    super_chat(60 * 12),
    guard("toast", at=AT + 40 * MINUTE),
    gift(60 * 60, uid=2, total_coin=700, price=700),
]
