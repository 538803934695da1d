"""Messages about money with anything in any field: exact gold or a named refusal, never a failure."""

import base64
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.db import models, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from bilibili_live.events import Decoded, Event, Gift, GuardReport, RedPacket, SuperChat
from bilibili_live.protocol.fields import MAX_GOLD
from event_store.codec import decode, encode
from live_data.models import GiftData, GuardPurchase, MinuteCount, RedPacketData, SuperChatData
from live_data.revenue import revenue_by_kind
from live_data.storing.events import Arrival, store
from tests.bilibili_live import red_packets
from tests.bilibili_live.messages import (
    field,
    gift,
    gift_item,
    gift_v2,
    guard_buy,
    in_protobuf,
    super_chat,
    toast,
    toast_v2,
)
from tests.live_data.telling import Wire, decoded
from tests.made import batch

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 1, tzinfo=UTC)
NUMBERS = count(80_000)  #: a room for each example
FUZZED = settings(derandomize=True, deadline=None, max_examples=150)

NUMBER = st.one_of(
    st.integers(-(2**70), 2**70),
    st.sampled_from([0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 10**15, 10**15 + 1, 10**16]),
    st.floats(),
)
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    NUMBER,
    NUMBER.map(str),
    st.text(max_size=20),
    st.sampled_from(["", "gold", "silver", "月", "\ud800", "x\0y", "١٢", "1_0", " 7", "1e3", "0x10", "{}"]),
)
VALUE = st.recursive(
    ANYTHING,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
MESSAGES: list[Wire] = [
    gift(),
    gift(blind_gift={"original_gift_id": 1, "original_gift_name": "盒", "original_gift_price": 5_000}),
    super_chat(),
    super_chat("SUPER_CHAT_MESSAGE_JPN"),
    {"cmd": "SUPER_CHAT_MESSAGE_DELETE", "data": {"ids": [1]}},
    guard_buy(),
    toast(),
    toast_v2(),
    *(make(form) for make in (red_packets.sent, red_packets.started, red_packets.drawn) for form in (1, 2)),
]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Of every field inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from places(each, (*path, key))


@st.composite
def a_spoilt_message(draw: st.DrawFn) -> Wire:
    """One to three fields of a good message hold something else, or are gone."""
    message = deepcopy(draw(st.sampled_from(MESSAGES)))
    for _ in range(draw(st.integers(1, 3))):
        left = [place for place in places(message) if place[0] != "cmd"]
        if not left:
            break
        *outer, last = draw(st.sampled_from(left))
        holder: Any = message
        for key in outer:
            holder = holder[key]
        if draw(st.booleans()) and isinstance(holder, dict):
            del holder[last]
        else:
            holder[last] = draw(VALUE)
    return message


PARTS = st.lists(
    st.tuples(st.integers(1, 45), st.one_of(st.integers(0, 2**64 - 1), st.binary(max_size=12))), max_size=6
).map(lambda parts: b"".join(field(number, value) for number, value in parts))


@st.composite
def a_spoilt_protobuf(draw: st.DrawFn) -> Wire:
    """Fields that nobody knows, of another type, later ones over earlier ones, or nothing but noise."""
    if draw(st.integers(0, 4)) == 0:
        return in_protobuf("SEND_GIFT_V2", draw(st.binary(max_size=60)))
    items = [gift_item(f"tid-{number}") + draw(PARTS) for number in range(draw(st.integers(0, 3)))]
    message = gift_v2(*items, box=draw(PARTS))
    body = base64.b64decode(message["data"]["pb"]) + draw(PARTS)
    return in_protobuf("SEND_GIFT_V2", body)


def amounts(event: Event) -> list[int | None]:
    if isinstance(event, Gift):
        return [event.price, event.total_coin, event.num, event.blind_box_price]
    if isinstance(event, SuperChat | GuardReport):
        return [event.price]
    return [event.price, event.total_price, event.num, event.winners] if isinstance(event, RedPacket) else []


def assert_exact(found: Decoded) -> None:
    assert "decoder failed" not in found.tally.rejected
    assert len(found.events) + sum(found.tally.rejected.values()) >= 1
    for event in found.events:
        for amount in amounts(event):
            assert amount is None or (type(amount) is int and 0 <= amount <= MAX_GOLD)


def stored(found: Decoded, room_id: int) -> int:
    """Through the log's form into SQL; revenue."""
    arrived = decode({key.encode(): value for key, value in encode(batch(found.events)).items()}).events
    with transaction.atomic():
        result = store([Arrival(event, 1) for event in arrived], NOW)
    assert sum(result.counts.values()) == len(arrived)
    revenue = revenue_by_kind([room_id])[room_id]
    assert all(type(gold) is int and gold >= 0 for gold in revenue.values())
    return sum(revenue.values())


def nothing_negative(room_id: int) -> bool:
    columns: list[tuple[type[models.Model], str]] = [
        (GiftData, "gold"),
        (GiftData, "total_coin"),
        (GuardPurchase, "gold"),
        (SuperChatData, "gold"),
        (RedPacketData, "paid_gold"),
        (RedPacketData, "gifts_gold"),
        (MinuteCount, "gold"),
    ]
    return not any(
        table._default_manager.filter(room_id=room_id, **{f"{column}__lt": 0}).exists()
        for table, column in columns
    )


@FUZZED
@given(messages=st.lists(a_spoilt_message(), min_size=1, max_size=4))
def test_a_spoilt_message_costs_nothing_but_itself(messages: list[Wire]) -> None:
    room_id = next(NUMBERS)
    together = Decoded()
    for message in messages:
        found = decoded(message, room_id)
        assert_exact(found)
        together.events += found.events
    stored(together, room_id)
    assert nothing_negative(room_id)


@FUZZED
@given(message=a_spoilt_protobuf())
def test_spoilt_protobuf_costs_nothing_but_itself(message: Wire) -> None:
    room_id = next(NUMBERS)
    found = decoded(message, room_id)
    assert_exact(found)
    stored(found, room_id)
    assert nothing_negative(room_id)


LONG = 3_493_286_400_494_454  #: a uid of 16 digits, beyond what 53 bits keep apart from its neighbours


@pytest.mark.parametrize(
    ("good", "changed"),
    [
        (gift(uid=LONG), gift(uid=str(LONG), num="2", price="100", total_coin="200", giftId="31036")),
        (gift(uid=LONG), gift(uid=LONG, num=2.0, price=100.0, total_coin=200.0)),
        (
            gift(),
            gift(
                receive_user_info='{"uid":99,"uname":"主播"}',
                medal_info='{"medal_name":"勋章","medal_level":27}',
            ),
        ),
        (super_chat(uid=LONG), super_chat(uid=str(LONG), price="30", id="15164370")),
        (guard_buy(uid=LONG), guard_buy(uid=str(LONG), price="198000", num="2", guard_level="3")),
        (toast(uid=LONG), toast(uid=str(LONG), price="138000", num="1", source="0", guard_level="3")),
        (toast_v2(), toast_v2(price="138000", num="1")),
    ],
)
def test_numbers_of_another_type_mean_the_same(good: Wire, changed: Wire) -> None:
    room_id = next(NUMBERS)
    read, expected = decoded(changed, room_id), decoded(good, room_id)
    assert (read.events, read.tally) == (expected.events, expected.tally)
    assert expected.events


def test_a_uid_of_sixteen_digits_stays_what_it_is() -> None:
    room_id = next(NUMBERS)
    together = Decoded()
    for message in (
        gift(uid=LONG, tid="1"),
        gift_v2(gift_item("2"), uid=LONG + 1),
        super_chat(uid=LONG),
        guard_buy(uid=LONG, num=1),
        red_packets.sent(uid=LONG + 1),
    ):
        together.events += decoded(message, room_id).events
    assert stored(together, room_id) == 200 + 200 + 30_000 + 198_000
    uids = GiftData.objects.filter(room_id=room_id).order_by("tid").values_list("uid", flat=True)
    assert list(uids) == [LONG, LONG + 1]
    for table, uid in ((SuperChatData, LONG), (GuardPurchase, LONG), (RedPacketData, LONG + 1)):
        assert table._default_manager.get(room_id=room_id).uid == uid


@pytest.mark.parametrize("unknown", [field(60, 7), field(61, "x"), field(10_000, b"\xff" * 40), b""])
def test_fields_that_nobody_knows_change_nothing(unknown: bytes) -> None:
    room_id = next(NUMBERS)
    plain, changed = gift_v2(gift_item()), gift_v2(gift_item() + unknown)
    changed = in_protobuf("SEND_GIFT_V2", base64.b64decode(changed["data"]["pb"]) + unknown)
    assert decoded(changed, room_id).events == decoded(plain, room_id).events


@pytest.mark.parametrize(
    ("body", "why"),
    [(b"", "empty protobuf"), (field(1, 7), "missing gift item"), (field(10, 7), "missing gift item")],
)
def test_protobuf_without_fields_is_refused_by_name(body: bytes, why: str) -> None:
    assert decoded(in_protobuf("SEND_GIFT_V2", body), 1).tally.rejected == {why: 1}
