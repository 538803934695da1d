"""The journal parsed again: rows of an older parser are replaced with all that follows from them, once."""

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

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
from bilibili_live.protocol.packets import pack
from bilibili_live.rooms import RoomSnapshot
from collector import records
from collector.gathering import Gathering
from collector.records import CoverageNote, Kind, decode_record
from collector.replaying import Done, Replay, Wanted
from event_store import live
from event_store.connect import Redis, async_client
from journal.reader import read
from journal.record import Record
from journal.segments import journal_name
from journal.writer import JournalWriter
from live_data import sync, tasks
from live_data.instants import moment
from live_data.models import (
    CoverageSpan,
    DanmakuData,
    DayCount,
    EventCount,
    GiftData,
    GiftDay,
    GuardPurchase,
    GuardReportData,
    InteractionData,
    JournalPosition,
    LiveRoom,
    MinuteCount,
    PersonDay,
    PersonName,
    PersonRoom,
    PolledState,
    ProtocolNews,
    RedPacketData,
    RedPacketReportData,
    RoomDescription,
    RoomStateData,
    SuperChatData,
    SuperChatDeletionData,
    UnsettledRoom,
)
from live_data.storing import rows as storing_rows
from tests.bilibili_live import messages, red_packets
from tests.bilibili_live.messages import RECEIVED, ROOM
from tests.live_data.conftest import Log, assert_balanced
from tests.made import AT, batch, deletion, super_chat

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = (
    DanmakuData,
    GiftData,
    SuperChatData,
    SuperChatDeletionData,
    GuardReportData,
    GuardPurchase,
    InteractionData,
    RoomStateData,
    RedPacketReportData,
    RedPacketData,
    RoomDescription,
    CoverageSpan,
    MinuteCount,
    DayCount,
    PersonDay,
    PersonName,
    PersonRoom,
    GiftDay,
)
_OWN = {"id", "stored_at", "parser_version"}

SENT = (
    messages.danmaku(),
    messages.gift(),
    messages.super_chat(),
    {"cmd": "SUPER_CHAT_MESSAGE_DELETE", "data": {"ids": [messages.super_chat()["data"]["id"]]}},
    messages.guard_buy(),
    messages.toast(),
    messages.interact(),
    red_packets.sent(1),
    {"cmd": "ROOM_CHANGE", "data": {"title": "新标题", "area_name": "a", "parent_area_name": "b"}},
)


def write_journal(folder: Path) -> int:
    with JournalWriter(folder, segment_bytes=1500) as journal:
        journal.append(
            records.coverage(ROOM, RECEIVED - 900, CoverageNote("covered", "", ""), RECEIVED - 900)
        )
        for number, message in enumerate(SENT):
            frame = pack(5, json.dumps(message).encode(), 0)
            journal.append(Record(Kind.FRAME, RECEIVED + number, ROOM, 1, frame))
        texts = ("uname", "title", "area_name", "parent_area_name", "live_time", "cover")
        numbers = {"room_id": ROOM, "short_id": 0, "uid": 99, "live_status": 1, "online": 5}
        snapshot = msgspec.convert(dict.fromkeys(texts, "主播") | numbers, RoomSnapshot)
        journal.append(records.room_info(snapshot, RECEIVED + 900))
        journal.append(
            records.coverage(
                ROOM, RECEIVED + 1000, CoverageNote("blind", "connection lost", ""), RECEIVED + 1000
            )
        )
        return journal.position


def parsed(folder: Path, end: int) -> list[AnyEvent]:
    found = read(folder, 0, end)
    return [event for item in found if item.record for event in decode_record(item.record).events]


def misread(event: AnyEvent) -> AnyEvent:
    """As a parser with a bug would have it; the id is what it was."""
    wrong: dict[type, dict[str, Any]] = {
        Danmaku: {"is_mirror": True, "message": "?"},
        Gift: {"total_coin": 7, "num": 9, "at": event.at - 120_000},
        SuperChat: {"price": 1, "super_chat_id": 99},
        SuperChatDeletion: {"super_chat_ids": [99, 98]},
        GuardReport: {"price": 1, "guard_level": 1, "uid": None},
        Interaction: {"msg_type": 77},
        RoomState: {"title": "?"},
        RedPacket: {"lot_id": 99, "price": 1},
        Coverage: {"detail": "?"},
    }
    return msgspec.structs.replace(event, **wrong.get(type(event), {}))


def snapshot() -> dict[str, list[Any]]:
    """All rows but what only says how they came."""
    return {
        model.__name__: sorted(
            repr([(name, value) for name, value in row.items() if name not in _OWN])
            for row in model._default_manager.values()
        )
        for model in ROWS
    }


def replayed(folder: Path, url: str, wanted: Wanted | None = None) -> Done:
    async def run() -> Done:
        async with async_client(url) as client:
            return await Replay(folder, client, wanted or Wanted(), lambda _: None, lambda _: None).run()

    return asyncio.run(run())


def counts() -> dict[str, int]:
    return {f"{row.outcome} {row.name}".strip(): row.count for row in EventCount.objects.filter(room_id=ROOM)}


def cache(redis: Redis) -> dict[bytes, bytes | None]:
    return {key: redis.dump(key) for key in redis.keys("room:*")}  # type: ignore[misc]  # sync client


def test_rows_of_an_older_parser_become_what_this_one_makes_of_them(
    tmp_path: Path, log: Log, redis_url: str
) -> None:
    end = write_journal(tmp_path)
    right = parsed(tmp_path, end)
    assert {type(event) for event in right} >= storing_rows.ROWS.keys()
    log.append(batch(right))
    sync.step(log.redis)
    expected = snapshot()
    assert MinuteCount.objects.get().gold == 200 + 30_000 + 138_000
    for model in (*ROWS, PolledState, UnsettledRoom, EventCount, JournalPosition, LiveRoom):
        model._default_manager.all().delete()

    name = journal_name(tmp_path)
    task = tasks.create("t", [ROOM])
    tasks.start(task)
    log.append(batch([misread(event) for event in right], (0, end), name, parser_version=0))
    sync.step(log.redis)
    task.refresh_from_db()
    assert (task.collected_danmaku, task.collected_gifts) == (0, 1)
    before = snapshot()
    assert [model for model in expected if before[model] == expected[model]] == []
    ids = list(GiftData.objects.values_list("pk", flat=True))

    done = replayed(tmp_path, redis_url)
    assert (done.records, done.events, done.damaged) == (len(SENT) + 3, len(right), 0)
    assert (done.first, done.last) == (RECEIVED - 900, RECEIVED + 1000)
    sync.step(log.redis)
    assert snapshot() == expected
    assert list(GiftData.objects.values_list("pk", flat=True)) == ids
    assert JournalPosition.objects.get().position == end
    assert JournalPosition.objects.get().hole_from is None
    task.refresh_from_db()
    # The danmaku was read as a copy at first, which no task counts.
    assert (task.collected_danmaku, task.collected_gifts) == (1, 1)

    counted = counts()
    replayed(tmp_path, redis_url)
    sync.step(log.redis)
    assert snapshot() == expected
    changed = {key for key, value in counts().items() if counted.get(key) != value}
    assert changed == {"received", "duplicate", "sampled"}
    assert_balanced()


def write_journal_with_all_that_is_no_event(folder: Path) -> int:
    write_journal(folder)
    rejected, unknown = messages.danmaku(), {"cmd": "SOMETHING_NEW", "data": {"a": 1}}
    rejected["info"] = "not what it is"
    with JournalWriter(folder) as journal:
        for number, message in enumerate((rejected, unknown, {"cmd": "STOP_LIVE_ROOM_LIST"})):
            frame = pack(5, json.dumps(message).encode(), 0)
            journal.append(Record(Kind.FRAME, RECEIVED + 5000 + number, ROOM, 1, frame))
        journal.append(Record(Kind.FRAME, RECEIVED + 6000, ROOM, 1, b"no packet"))
        return journal.position


def test_a_replay_counts_nothing_again_but_the_events(tmp_path: Path, log: Log, redis_url: str) -> None:
    end = write_journal_with_all_that_is_no_event(tmp_path)
    gathering = Gathering(journal_name(tmp_path))
    for item in read(tmp_path, 0, end):
        assert item.record
        gathering.add(item.record.room_id, decode_record(item.record))
    task = tasks.create("t", [ROOM])
    tasks.start(task)
    log.append(gathering.cut(0, end))
    sync.step(log.redis)

    def told() -> list[Any]:
        task.refresh_from_db()
        return [*ProtocolNews.objects.values(), task.error_count, task.last_error]

    counted, before, rows = counts(), told(), snapshot()
    kinds = {key.partition(" ")[0] for key in counted}
    assert kinds == {"received", "stored", "sampled", "ignored", "rejected", "undecodable"}
    assert task.error_count == 1
    assert len(before) > 2
    events = len(parsed(tmp_path, end))
    for times in (1, 2):
        assert replayed(tmp_path, redis_url).events == events
        sync.step(log.redis)
        again = counts()
        assert again.pop("received") == counted["received"] + times * events
        assert again.pop("sampled") == counted["sampled"] * (times + 1)
        assert again.pop("duplicate") == times * (events - counted["sampled"])
        assert again == {key: value for key, value in counted.items() if key not in ("received", "sampled")}
        assert (told(), snapshot()) == (before, rows)
        assert_balanced()


def test_pages_that_are_open_and_the_live_cache_are_left_alone(
    tmp_path: Path, log: Log, redis_url: str
) -> None:
    write_journal(tmp_path)
    replayed(tmp_path, redis_url)
    assert cache(log.redis) == {}
    place = live.now(log.redis)
    replayed(tmp_path, redis_url)
    after = live.events_after(log.redis, place)
    assert after.events == []
    assert after.cursor != place


def test_only_the_rooms_and_the_time_that_were_asked_for_are_replayed(
    tmp_path: Path, log: Log, redis_url: str
) -> None:
    write_journal(tmp_path)
    assert replayed(tmp_path, redis_url, Wanted(frozenset({4711}))).records == 0
    done = replayed(tmp_path, redis_url, Wanted(frozenset({ROOM}), RECEIVED, RECEIVED + 2))
    assert (done.records, done.first, done.last) == (2, RECEIVED, RECEIVED + 1)
    sync.step(log.redis)
    assert (DanmakuData.objects.count(), GiftData.objects.count(), SuperChatData.objects.count()) == (1, 1, 0)
    assert not JournalPosition.objects.exists()


def test_a_deletion_that_is_parsed_anew_unmarks_what_it_named_by_mistake(log: Log) -> None:
    wrong, other = deletion(1, 2), deletion(2, at=AT + 95_000)
    log.append(batch([super_chat(1), super_chat(2), super_chat(3), wrong, other], parser_version=1))
    sync.step(log.redis)
    log.append(batch([msgspec.structs.replace(wrong, super_chat_ids=[3])], parser_version=2))
    sync.step(log.redis)
    marks = dict(SuperChatData.objects.values_list("super_chat_id", "deleted_at"))
    assert marks == {1: None, 2: moment(other.at), 3: moment(wrong.at)}
