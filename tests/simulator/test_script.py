import json
from collections import Counter
from itertools import pairwise
from random import Random
from typing import Any

from simulator.ledger import GUARD
from simulator.message import Message
from simulator.numbers import Numbers
from simulator.rhythm import PROFILES, Evening, Profile
from simulator.rooms import Rooms
from simulator.script import Script
from simulator.shopping import PURCHASE_GAP_S
from tests.simulator.wire import gift_items


def script(seed: int = 1) -> Script:
    return Script(Rooms([90001], seed).played[0], seed, Numbers())


def play(cmd: str, times: int, seed: int = 1) -> list[Message]:
    """So many acts, with everything that follows from them."""
    room = script(seed)
    return [message for _ in range(times) for message in room.play(cmd)] + room.overdue()


def read(messages: list[Message]) -> list[Any]:
    return [json.loads(message.body(masked=False)) for message in messages]


def texts(seed: int) -> list[str]:
    return [f"{message['info'][2]} {message['info'][1]}" for message in read(play("DANMU_MSG", 200, seed))]


def test_the_same_seed_plays_the_same_contents() -> None:
    assert texts(1) == texts(1)
    assert texts(1) != texts(2)


def test_chat_is_of_some_variety() -> None:
    said = texts(3)
    assert len(set(said)) > 150
    danmaku = read(play("DANMU_MSG", 1500))
    assert {message["cmd"] for message in danmaku} == {"DANMU_MSG", "DANMU_MSG:4:0:2:2:2:0"}
    assert {message["info"][7] for message in danmaku} >= {0, 2, 3}
    assert {message["info"][2][2] for message in danmaku} == {0, 1}
    assert {message["info"][0][12] for message in danmaku} == {0, 1}
    assert any(len(str(message["info"][2][0])) == 16 for message in danmaku)
    assert any(message["info"][3] for message in danmaku)
    assert any(not message["info"][3] for message in danmaku)
    assert any(json.loads(message["info"][0][15]["extra"])["emots"] for message in danmaku)


def test_gifts_come_in_all_sorts() -> None:
    gifts = read(play("SEND_GIFT", 1500))
    old = [message["data"] for message in gifts if message["cmd"] == "SEND_GIFT"]
    new = [gift_items(message) for message in gifts if message["cmd"] == "SEND_GIFT_V2"]
    assert {data["coin_type"] for data in old} == {"gold", "silver"}
    assert any(data["bag_gift"] for data in old)
    assert any(31 in item for items in new for item in items)
    assert any(len(items) > 1 for items in new)
    blind = [data for data in old if data["blind_gift"]]
    assert blind
    assert all(
        data["total_coin"] == data["blind_gift"]["original_gift_price"] * data["num"] for data in blind
    )
    assert any(data["price"] * data["num"] != data["total_coin"] for data in blind)
    receivers = [data["receive_user_info"]["uid"] for data in old]
    assert set(receivers) - {3_546_000_000_090_001}


def test_every_event_has_a_number_of_its_own_also_in_the_next_run() -> None:
    for cmd in ("DANMU_MSG", "SEND_GIFT", "SUPER_CHAT_MESSAGE", "GUARD_BUY"):
        events = {report.event for _ in range(2) for message in play(cmd, 300) for report in message.reports}
        if cmd != "SUPER_CHAT_MESSAGE":  # their numbers grow by the second
            assert len({event.key for event in events}) == len(events) >= 600


def test_a_purchase_is_reported_once_to_four_times_and_counts_as_one() -> None:
    messages = play("GUARD_BUY", 400)
    purchases = {report.event.key for message in messages for report in message.reports}
    assert len(purchases) == 400
    commands = [message["cmd"] for message in read(messages)]
    assert {commands.count(cmd) > 100 for cmd in ("GUARD_BUY", "USER_TOAST_MSG", "USER_TOAST_MSG_V2")} == {
        True
    }
    # The second copy that the official chat ignores reports nothing by itself.
    ignored = [
        message for message in messages if "USER_TOAST_MSG_V2" in str(read([message])) and not message.reports
    ]
    assert ignored
    assert {read([message])[0]["data"]["option"]["source"] for message in ignored} == {2}


def test_two_purchases_of_one_person_and_level_are_never_close() -> None:
    room = script()
    bought: dict[tuple[int, int], list[int]] = {}
    for second in range(3000):
        purchase, person = room.shop.purchase(1_790_000_000_000 + second * 1000)
        bought.setdefault((person.uid, purchase.level), []).append(purchase.start_time)
    gaps = [later - earlier for times in bought.values() for earlier, later in pairwise(times)]
    assert gaps
    assert min(gaps) >= PURCHASE_GAP_S


def test_purchases_are_reported_as_often_as_was_counted_and_in_any_order() -> None:
    room = script()
    first: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for _ in range(1200):
        told = [message["cmd"] for message in read(room.play("GUARD_BUY") + room.overdue())]
        first[told[0]] += 1
        if len(told) == 1:
            alone[told[0]] += 1
    shares = {cmd: round(60 * number / 1200) for cmd, number in alone.items()}
    assert abs(shares["GUARD_BUY"] - 11) <= 3
    assert abs(shares["USER_TOAST_MSG"] - 24) <= 4
    assert abs(shares["USER_TOAST_MSG_V2"] - 7) <= 3
    for cmd in ("USER_TOAST_MSG", "USER_TOAST_MSG_V2"):  # before its GUARD_BUY, or before the other toast
        assert first[cmd] > alone[cmd]


def test_a_gift_in_both_forms_is_one() -> None:
    messages = play("SEND_GIFT", 1500)
    told: Counter[str] = Counter(report.event.key for message in messages for report in message.reports)
    both = {tid for tid, times in told.items() if times > 1}
    shown = read(messages)
    old = {message["data"]["tid"] for message in shown if message["cmd"] == "SEND_GIFT"}
    new = {
        tid.decode()
        for message in shown
        if message["cmd"] == "SEND_GIFT_V2"
        for item in gift_items(message)
        if isinstance(tid := item[9], bytes)
    }
    assert both == old & new != set()
    assert {told[tid] for tid in both} == {2}


def test_a_red_packet_is_told_in_both_forms_again_and_again_and_is_one() -> None:
    room = script()
    messages = room.play("POPULARITY_RED_POCKET_NEW") + room.overdue()
    told = Counter(message["cmd"].removeprefix("POPULARITY_RED_POCKET_") for message in read(messages))
    assert told == {"NEW": 1, "V2_NEW": 1, "START": 3, "V2_START": 3, "WINNER_LIST": 1, "V2_WINNER_LIST": 1}
    assert len({report.event.key for message in messages for report in message.reports}) == 1
    assert {report.gold for message in messages for report in message.reports} == {0}


def test_four_fifths_of_a_red_packet_are_gifts() -> None:
    seen, shop = set(), script().shop
    for _ in range(200):
        packet = shop.red_packet(1_790_000_000_000)
        worth = sum(num * price for _, _, num, price in packet.inside)
        assert worth == packet.gold_inside == packet.price * 80
        seen.add((packet.price, packet.gold_inside))
    assert seen == {(20, 1_600), (100, 8_000), (520, 41_600)}


def test_copies_of_a_super_chat_have_its_id_and_another_ts() -> None:
    room = script()
    while True:
        copies = read(room.play("SUPER_CHAT_MESSAGE") + room.overdue())
        if len([message for message in copies if message["cmd"] == "SUPER_CHAT_MESSAGE"]) == 2:
            break
    first, second = (message["data"] for message in copies if message["cmd"] == "SUPER_CHAT_MESSAGE")
    assert first["id"] == second["id"]
    assert first["start_time"] == second["start_time"]
    assert first["ts"] != second["ts"]


def test_guards_and_super_chats_are_shown_to_guests_as_they_are() -> None:
    for cmd in ("GUARD_BUY", "SUPER_CHAT_MESSAGE"):
        for message in play(cmd, 20):
            assert message.body(masked=True) == message.body(masked=False)


def test_everybody_else_is_masked_for_guests() -> None:
    for cmd in (
        "DANMU_MSG",
        "SEND_GIFT",
        "INTERACT_WORD",
        "ENTRY_EFFECT",
        "LIKE_INFO_V3_CLICK",
        "ONLINE_RANK_V2",
    ):
        for message in play(cmd, 20):
            shown = message.body(masked=True)
            assert message.person.name.encode() not in shown
            assert str(message.person.uid).encode() not in shown


def test_a_mirrored_danmaku_counts_nowhere() -> None:
    (message,) = play("DANMU_MSG_MIRROR", 1)
    assert not message.reports
    assert read([message])[0]["cmd"] == "DANMU_MSG_MIRROR"


def test_live_comes_two_or_three_times_after_preparing_and_only_the_first_tells_the_time() -> None:
    ended, *begun = read(play("PREPARING", 1))
    assert ended["cmd"] == "PREPARING"
    assert [message["cmd"] for message in begun] in (["LIVE"] * 2, ["LIVE"] * 3)
    assert ["live_time" in message for message in begun] == [True] + [False] * (len(begun) - 1)
    assert len({message["live_key"] for message in begun}) == 1


def test_an_evening_is_played_as_it_was_and_again() -> None:
    for name in PROFILES:
        profile = Profile(name)
        evening = Evening(profile, 1000.0, Random(1))
        seconds = profile.length / 1000
        once = [cmd for cmd in evening.advance(seconds) if cmd == "STOP_LIVE_ROOM_LIST"]
        again = [cmd for cmd in evening.advance(seconds) if cmd == "STOP_LIVE_ROOM_LIST"]
        recorded = sum(profile.at(second).count("STOP_LIVE_ROOM_LIST") for second in range(profile.length))
        assert len(once) == len(again) == recorded


def test_rooms_play_different_parts_of_the_evening() -> None:
    profile = Profile("big")
    first, second = (list(Evening(profile, 60.0, Random(f"room {room}")).advance(1)) for room in (1, 2))
    assert first != second


def test_a_toast_costs_what_was_paid_and_guard_buy_what_is_listed() -> None:
    prices = {
        (report.final, report.gold) for message in play("GUARD_BUY", 300) for report in message.reports
        if report.event.kind == GUARD
    }  # fmt: skip
    assert (False, 198_000) in prices
    assert (True, 138_000) in prices


def test_what_nobody_knows_is_reported_with_the_time_that_it_tells() -> None:
    now_ms = 1_790_000_000_123
    messages = script().unknown(now_ms)
    (report,) = [report for message in messages for report in message.reports]
    assert report.at == now_ms == int(read(messages)[1]["info"][0][4])
