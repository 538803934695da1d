"""Any order of any messages about money, in any pieces: the same rows, minutes and counts in SQL."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live_data import sync
from live_data.models import (
    EventCount,
    GiftData,
    GuardPurchase,
    MinuteCount,
    RedPacketData,
    SuperChatData,
)
from live_data.revenue import revenue_by_kind
from tests.bilibili_live import red_packets
from tests.bilibili_live.messages import SENT_S, field, gift, gift_item, gift_v2, guard_buy, super_chat
from tests.bilibili_live.messages import toast as user_toast
from tests.live_data.conftest import Log
from tests.live_data.telling import ANCHOR, ANCHOR_KNOWN, Said, Wire, append

pytestmark = pytest.mark.django_db(transaction=True)

#: Of one room, each room by itself: the examples of a test share a database.
NUMBERS = count(50_000)

PEOPLE = [(14225357, "小明"), (5, "小红"), (6, "大壮")]
TIMES = [0, 1, 20, 30, 31, 55, 62]  #: s
COLUMNS: dict[Any, tuple[str, ...]] = {
    GiftData: ("tid", "uid", "username", "gold", "total_coin", "is_backpack", "receiver_uid", "timestamp"),
    GuardPurchase: ("timestamp", "uid", "username", "guard_level", "num", "unit", "payflow_id", "gold"),
    SuperChatData: ("super_chat_id", "uid", "gold", "deleted_at", "message_trans", "timestamp"),
    RedPacketData: (
        "lot_id",
        "uid",
        "username",
        "paid_gold",
        "gifts_gold",
        "winners",
        "end_time",
        "timestamp",
    ),
    MinuteCount: ("minute", "gifts", "guards", "super_chats", "gift_gold", "guard_gold", "super_chat_gold"),
    EventCount: ("outcome", "name", "count"),
}


@st.composite
def a_gift(draw: st.DrawFn) -> Wire:
    number = draw(st.integers(1, 4))
    # All that a tid says is the same in both forms; who sees it may not be.
    receiver, is_backpack = (ANCHOR + 1 if number == 3 else ANCHOR), number == 4
    is_guest = draw(st.booleans())
    tid, total = f"tid-{number}", 100 * number
    if draw(st.booleans()):
        item = gift_item(tid, total) + field(29, field(1, "主播") + field(2, receiver))
        return gift_v2(item + (field(31, field(1, 1)) if is_backpack else b""), uid=0 if is_guest else 5)
    shown = {"uid": 0 if is_guest else 5, "uname": "小明", "total_coin": total, "tid": tid}
    to = {"receive_user_info": {"uid": receiver, "uname": "主播"}, "bag_gift": {} if is_backpack else None}
    return gift(**shown, **to)


@st.composite
def a_guard_report(draw: st.DrawFn) -> Wire:
    (number, (uid, name)), level = (
        draw(st.sampled_from(list(enumerate(PEOPLE)))),
        draw(st.sampled_from([2, 3])),
    )
    at = SENT_S + draw(st.sampled_from(TIMES))
    who: dict[str, Any] = {"uid": uid, "username": name}
    if draw(st.booleans()):
        who = {"uid": 0, "username": f"{name[0]}***"}
    if draw(st.booleans()):
        return guard_buy(**who, guard_level=level, num=1, price=198_000, start_time=at)
    source = draw(st.sampled_from([0, 0, 2]))
    order = f"order-{number}-{level}-{at % 2}"
    return user_toast(**who, guard_level=level, price=138_000, payflow_id=order, start_time=at, source=source)


@st.composite
def a_super_chat(draw: st.DrawFn) -> Wire:
    number = draw(st.integers(1, 3))
    if draw(st.integers(0, 3)) == 0:
        return {
            "cmd": "SUPER_CHAT_MESSAGE_DELETE",
            "data": {"ids": [number]},
            "send_time": SENT_S * 1000 + draw(st.sampled_from([20_000, 40_000])),
        }
    if draw(st.booleans()):
        return super_chat("SUPER_CHAT_MESSAGE_JPN", id=str(number), message_jpn="歌って")
    return super_chat(id=number, ts=SENT_S + draw(st.integers(0, 3)))


@st.composite
def a_red_packet(draw: st.DrawFn) -> Wire:
    lot, form = draw(st.integers(1, 2)), draw(st.sampled_from([1, 2]))
    start = {"lot_id": lot, "start_time": SENT_S + draw(st.sampled_from([0, 300]))}
    return draw(
        st.sampled_from(
            [
                red_packets.sent(form, **start),
                red_packets.started(form, **start),
                red_packets.drawn(form, lot_id=lot),
            ]
        )
    )


SAID: st.SearchStrategy[Said] = st.one_of(
    a_gift(), a_guard_report(), a_super_chat(), a_red_packet(), st.just(ANCHOR_KNOWN)
)


def told(log: Log, said: list[Said], cuts: list[int]) -> int:
    """In pieces that end at these places; in which room."""
    room_id = next(NUMBERS)
    ends = sorted({min(cut, len(said)) for cut in cuts} | {len(said)})
    for begin, end in zip([0, *ends], ends, strict=False):
        append(log, [(room_id, each) for each in said[begin:end]])
        sync.step(log.redis)
    return room_id


def state(room_id: int) -> dict[str, list[str]]:
    """All that was made of it; minutes whose figures are all 0 again are as good as none."""
    found = {}
    for table, columns in COLUMNS.items():
        rows = table.objects.filter(room_id=room_id).values_list(*columns)
        found[table.__name__] = sorted(str(row) for row in rows if table is not MinuteCount or any(row[1:]))
    return found


@settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=st.lists(SAID, min_size=1, max_size=12), data=st.data())
def test_order_and_pieces_never_matter(log: Log, said: list[Said], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(said))
    cuts = data.draw(st.lists(st.integers(0, len(said)), max_size=4))
    at_once, in_pieces = told(log, said, []), told(log, list(shuffled), cuts)
    assert state(in_pieces) == state(at_once)


@settings(
    derandomize=True,
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=st.lists(SAID, min_size=1, max_size=10))
def test_revenue_is_the_sum_of_the_minutes_and_telling_it_twice_adds_nothing(
    log: Log, said: list[Said]
) -> None:
    once, twice = told(log, said, []), told(log, [*said, *reversed(said)], [len(said)])
    revenue = revenue_by_kind([once, twice])
    assert revenue[once] == revenue[twice]
    for room_id in (once, twice):
        minutes = MinuteCount.objects.filter(room_id=room_id).values_list(
            "gift_gold", "guard_gold", "super_chat_gold"
        )
        sums = [sum(kind) for kind in zip(*minutes, strict=True)] or [0, 0, 0]
        assert [revenue[room_id][kind] for kind in ("gift", "guard", "super_chat")] == sums
