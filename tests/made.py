"""Events and batches made for tests: plain values, sensible defaults, ids as the product makes them."""

from collections import Counter
from typing import Any

from bilibili_live.events import AnyEvent, Danmaku, Gift, event_id
from event_store.codec import Batch, Header, RoomCounts

AT = 1_790_000_000_000  #: ms; 2026-09-21
ROOM = 90001


def danmaku(number: int, room_id: int = ROOM, **fields: Any) -> Danmaku:
    """The ``number``-th chat line, one a millisecond."""
    at = AT + number
    given: dict[str, Any] = {
        "uid": 1000 + number,
        "username": f"观众{number}",
        "message": f"第{number}条",
    } | fields
    return Danmaku(
        event_id=event_id(at, room_id, "danmaku", f"id-{number}"),
        room_id=room_id,
        at=at,
        received_at=at + 40,
        **given,
    )


def gift(number: int, room_id: int = ROOM, **fields: Any) -> Gift:
    """The ``number``-th gift, one a second, worth 100 gold."""
    at = AT // 1000 * 1000 + number * 1000
    given: dict[str, Any] = {
        "uid": 1000 + number,
        "username": f"观众{number}",
        "gift_id": 31036,
        "gift_name": "小花花",
        "num": 1,
        "price": 100,
        "total_coin": 100,
        "coin_type": "gold",
        "tid": f"tid-{number}",
    }
    return Gift(
        event_id=event_id(at, room_id, "gift", f"tid-{number}"),
        room_id=room_id,
        at=at,
        received_at=at + 40,
        **(given | fields),
    )


def batch(
    events: list[AnyEvent], journal: tuple[int, int] = (0, 100), collector: str = "c0ffee", **header: Any
) -> Batch:
    """A log entry of these events, with the counts that a collector would send along."""
    counts = [
        RoomCounts(room_id=room_id, received=count)
        for room_id, count in Counter(event.room_id for event in events).items()
    ]
    given: dict[str, Any] = {"counts": counts} | header
    return Batch(
        header=Header(collector=collector, journal_from=journal[0], journal_to=journal[1], **given),
        events=events,
    )
