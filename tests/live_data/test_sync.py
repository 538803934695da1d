"""From the log to SQL: every event exactly once, whatever is delivered again."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from bilibili_live.events import AnyEvent, Tally
from event_store import keys
from event_store.codec import RoomCounts, encode
from event_store.cursor import LogCursor
from live_data import sync, tasks
from live_data.instants import moment
from live_data.models import (
    DanmakuData,
    DataMigrationLog,
    ErasedPerson,
    EventCount,
    GaugeMinute,
    GiftData,
    JournalPosition,
    MinuteCount,
    MonitoringTask,
    RetentionFloor,
    SyncCursor,
)
from live_data.storing import counts, sync_places
from tests.live_data.conftest import Log, assert_balanced
from tests.made import ROOM, batch, danmaku, gauge, gift

pytestmark = pytest.mark.django_db(transaction=True)


def counted(room_id: int = ROOM) -> dict[str, int]:
    rows = EventCount.objects.filter(room_id=room_id)
    return {f"{row.outcome} {row.name}".strip(): row.count for row in rows}


def test_what_is_in_the_log_is_in_sql_after_one_step(log: Log) -> None:
    log.append(batch([danmaku(1), danmaku(2), gift(1)]))
    step = sync.step(log.redis)
    assert (step.entries, step.received, step.is_drained) == (1, 3, True)
    assert sorted(DanmakuData.objects.values_list("message", flat=True)) == ["第1条", "第2条"]
    [row] = GiftData.objects.all()
    assert (row.gold, row.uid, row.gift_name) == (100, 1001, "小花花")
    assert sum(MinuteCount.objects.values_list("danmaku", flat=True)) == 2
    assert counted() == {"received": 3, "stored": 3}
    assert_balanced()


def test_what_is_delivered_again_is_counted_as_duplicate(log: Log) -> None:
    log.append(batch([danmaku(1), danmaku(1), danmaku(2)]))
    sync.step(log.redis)
    log.append(batch([danmaku(2), danmaku(3)], journal=(100, 200)))
    sync.step(log.redis)
    assert counted() == {"received": 5, "stored": 3, "duplicate": 2}
    assert sum(MinuteCount.objects.values_list("danmaku", flat=True)) == 3
    assert_balanced()


def test_a_hole_stores_rows_and_moves_no_position_until_it_is_filled(log: Log) -> None:
    log.append(batch([danmaku(1)], journal=(0, 100)))
    hole = log.append(batch([danmaku(3)], journal=(200, 300)))
    sync.step(log.redis)
    row = JournalPosition.objects.get(collector="c0ffee")
    assert (row.position, row.hole_from, row.hole_stream_id) == (100, 200, hole)
    assert DanmakuData.objects.count() == 2
    log.append(batch([danmaku(2)], journal=(100, 200)))
    log.append(batch([danmaku(3)], journal=(200, 300)))
    sync.step(log.redis)
    row.refresh_from_db()
    assert (row.position, row.hole_from, row.hole_stream_id) == (300, None, "")
    assert counted() == {"received": 4, "stored": 3, "duplicate": 1}


def test_another_log_is_read_from_its_beginning(log: Log) -> None:
    log.append(batch([danmaku(1)]))
    sync.step(log.redis)
    log.redis.flushall()
    log.redis.set(keys.INCARNATION, "aaaaaaaaaaaaaaaa")
    log.append(batch([danmaku(1), danmaku(2)]), "5-0")
    assert sync.step(log.redis).cursor == LogCursor("aaaaaaaaaaaaaaaa", "5-0")
    assert counted() == {"received": 3, "stored": 2, "duplicate": 1}


def test_ignored_rejected_and_undecodable_are_counted_by_name(log: Log) -> None:
    tally = Tally(ignored={"NOTICE_MSG": 2}, rejected={"not JSON": 1}, undecodable={"decompressed size": 4})
    log.append(batch([danmaku(1)], counts=[RoomCounts(room_id=ROOM, received=4, tally=tally)]))
    sync.step(log.redis)
    assert counted() == {
        "received": 4,
        "stored": 1,
        "ignored NOTICE_MSG": 2,
        "rejected not JSON": 1,
        "undecodable decompressed size": 4,
    }
    assert_balanced()


def test_names_that_strangers_make_up_fill_no_table(log: Log) -> None:
    def told(first: int, last: int) -> RoomCounts:
        ignored = {f"MADE_UP_{number}": 2 for number in range(first, last)}
        return RoomCounts(room_id=ROOM, received=2 * (last - first), tally=Tally(ignored=ignored))

    for number, (first, last) in enumerate([(0, 400), (300, 700), (600, 1300)]):
        log.append(batch([], counts=[told(first, last)], journal=(number, number + 1)))
        sync.step(log.redis)
    found = counted()
    ignored = {name: count for name, count in found.items() if name.startswith("ignored")}
    assert len(ignored) == counts.MOST_NAMES + 1
    assert (sum(ignored.values()), found["received"]) == (3000, 3000)
    assert found["ignored MADE_UP_0"] == 2
    assert found["ignored (other)"] > 1000
    assert_balanced()


def test_a_slice_ends_after_enough_events_and_the_next_step_goes_on(log: Log) -> None:
    for number in range(30):
        log.append(batch([danmaku(number)], journal=(number, number + 1)))
    steps = [sync.step(log.redis, events=12) for _ in range(3)]
    assert [(step.entries, step.is_drained) for step in steps] == [(12, False), (12, False), (6, True)]
    assert DanmakuData.objects.count() == 30


def test_newer_code_s_entry_stops_the_sync_and_says_so(log: Log) -> None:
    log.append(batch([danmaku(1)]))
    log.append(batch([danmaku(2)], schema=99))
    log.append(batch([danmaku(3)]))
    assert "newer version" in sync.step(log.redis).problem
    step = sync.step(log.redis)
    assert "newer version" in step.problem
    assert step.entries == 0
    assert list(DanmakuData.objects.values_list("message", flat=True)) == ["第1条"]


@pytest.mark.parametrize("header_is_readable", [True, False])
def test_a_damaged_entry_is_counted_and_passed_over(log: Log, header_is_readable: bool) -> None:
    fields = encode(batch([danmaku(1), danmaku(2)], journal=(0, 50)))
    fields["e"] = fields["e"][:-3]
    if not header_is_readable:
        fields["h"] = b"\xff"
    log.append_raw(fields)
    log.append(batch([danmaku(3)], journal=(50, 90)))
    assert sync.step(log.redis).problem == ""
    assert counted(0) == {"undecodable log entry damaged": 1}
    lost = {"rejected log entry damaged": 2} if header_is_readable else {}
    assert counted() == {"received": 1 + sum(lost.values()), "stored": 1} | lost
    # It leaves a hole, so that the collector publishes the journal again.
    row = JournalPosition.objects.get()
    assert (row.position, row.hole_from) == (0, 50)
    assert "damaged" in str(DataMigrationLog.objects.get(status="failed").error_message)
    assert_balanced()


def damaged(journal: tuple[int, int]) -> dict[str, bytes]:
    fields = encode(batch([danmaku(1), danmaku(2)], journal=journal))
    return fields | {"e": fields["e"][:-3]}


def test_what_was_damaged_is_stored_when_the_journal_is_published_again(log: Log) -> None:
    stream_id = log.append_raw(damaged((0, 50)))
    sync.step(log.redis)
    row = JournalPosition.objects.get()
    assert (row.position, row.hole_from, row.hole_stream_id) == (0, 50, stream_id)
    log.append(batch([danmaku(1)], journal=(0, 20)))
    log.append(batch([danmaku(2)], journal=(20, 60)))
    sync.step(log.redis)
    row.refresh_from_db()
    assert (row.position, row.hole_from) == (60, None)
    assert counted() == {"received": 4, "stored": 2, "rejected log entry damaged": 2}


def test_a_damaged_entry_that_is_only_read_again_is_still_asked_for(log: Log) -> None:
    stream_id = log.append_raw(damaged((0, 50)))
    sync.step(log.redis)
    SyncCursor.objects.update(stream_id="0-0")
    sync.step(log.redis)
    row = JournalPosition.objects.get()
    assert (row.position, row.hole_from, row.hole_stream_id) == (0, 50, stream_id)


def test_what_is_damaged_again_when_published_anew_is_left_behind(log: Log) -> None:
    log.append_raw(damaged((0, 50)))
    log.append(batch([danmaku(3)], journal=(50, 90)))
    log.append_raw(damaged((0, 50)))
    sync.step(log.redis)
    assert JournalPosition.objects.get().position == 50
    log.append(batch([danmaku(3)], journal=(50, 90)))
    log.append_raw(damaged((0, 90)))  # delivered once more: SQL has it, nothing is asked for
    sync.step(log.redis)
    row = JournalPosition.objects.get()
    assert (row.position, row.hole_from) == (90, None)


def test_an_event_of_a_type_that_only_newer_code_knows_stops_the_sync(log: Log) -> None:
    fields = encode(batch([danmaku(1)]))
    known = msgspec.msgpack.decode(fields["e"])
    later = [*known, ["from_later", b"", ROOM, 1, 1, "new"]]
    log.append_raw(fields | {"e": msgspec.msgpack.encode(later)})
    step = sync.step(log.redis)
    assert "newer version" in step.problem
    assert "'from_later'" in step.problem
    assert counted() == {}


def test_an_event_that_no_column_can_hold_is_rejected_and_the_rest_is_stored(log: Log) -> None:
    bad: list[AnyEvent] = [
        danmaku(2, uid=2**63),
        danmaku(3, room_id=2**64 - 1),
        msgspec.structs.replace(danmaku(4), at=2**60),
        msgspec.structs.replace(gauge(1, 2**64 - 1)),
    ]
    log.append(batch([danmaku(1)]))
    log.append(batch([*bad, gift(5)], journal=(100, 200)))
    log.append(batch([danmaku(6)], journal=(200, 300)))
    step = sync.step(log.redis)
    assert (step.problem, step.entries) == ("", 3)
    assert counted() == {"received": 6, "stored": 3, "rejected not storable": 3}
    assert counted(0) == {"received": 1, "rejected not storable": 1}
    assert JournalPosition.objects.get().position == 300
    assert sync.step(log.redis).entries == 0
    assert_balanced()


def test_what_a_header_announces_and_the_entry_lacks_is_counted(log: Log) -> None:
    log.append(batch([danmaku(1)], counts=[RoomCounts(room_id=ROOM, received=3)]))
    sync.step(log.redis)
    assert counted() == {"received": 3, "stored": 1, "rejected missing from the log entry": 2}


def test_a_row_of_an_older_parser_is_replaced_with_its_rollups(log: Log) -> None:
    old = gift(1, total_coin=100)
    log.append(batch([old, danmaku(1)], parser_version=1))
    sync.step(log.redis)
    [before] = GiftData.objects.all()
    log.append(batch([msgspec.structs.replace(old, total_coin=700)], parser_version=2))
    log.append(batch([old], parser_version=1))
    sync.step(log.redis)
    [after] = GiftData.objects.all()
    assert (after.pk, after.total_coin, after.gold, after.parser_version) == (before.pk, 700, 700, 2)
    [minute] = MinuteCount.objects.exclude(gifts=0)
    assert (minute.gifts, minute.gold) == (1, 700)
    assert counted() == {"received": 4, "stored": 2, "duplicate": 2}


def test_of_two_parsings_in_one_batch_the_newer_one_stays(log: Log) -> None:
    log.append(batch([gift(1, total_coin=700)], parser_version=2))
    log.append(batch([gift(1, total_coin=100)], parser_version=1))
    sync.step(log.redis)
    assert GiftData.objects.get().gold == 700


def test_a_mirrored_danmaku_is_a_row_outside_the_room_s_counts(log: Log) -> None:
    task = tasks.create("t", [ROOM])
    tasks.start(task)
    log.append(batch([danmaku(1), danmaku(2, is_mirror=True)]))
    sync.step(log.redis)
    assert DanmakuData.objects.filter(is_mirror=True).count() == 1
    assert MinuteCount.objects.get().danmaku == 1
    task.refresh_from_db()
    assert task.collected_danmaku == 1


def test_a_task_with_an_unreadable_list_does_not_stop_the_sync(log: Log) -> None:
    broken, good = tasks.create("broken"), tasks.create("good", [ROOM])
    tasks.start(broken)
    tasks.start(good)
    MonitoringTask.objects.filter(pk=broken.pk).update(room_ids_json="[90001,")
    log.append(batch([danmaku(1)]))
    sync.step(log.redis)
    good.refresh_from_db()
    assert good.collected_danmaku == DanmakuData.objects.count() == 1


def test_gauges_fold_into_minutes_in_any_order(log: Log) -> None:
    log.append(batch([gauge(0, 50), gauge(2, 70)]))
    log.append(batch([gauge(1, 10)], journal=(100, 200)))
    sync.step(log.redis)
    sync.step(log.redis)
    [minute] = GaugeMinute.objects.all()
    assert (minute.low, minute.high, minute.last, minute.samples) == (10, 70, 70, 3)
    assert counted() == {"received": 3, "sampled": 3}


def test_an_hour_of_the_sync_is_one_row_of_the_log(log: Log) -> None:
    now = datetime(2026, 11, 24, 10, 5, tzinfo=UTC)
    for number, minutes in enumerate((0, 5, 60)):
        log.append(batch([danmaku(number)], journal=(number, number + 1)))
        sync.step(log.redis, now + timedelta(minutes=minutes))
    rows = DataMigrationLog.objects.order_by("start_time")
    assert [(row.migration_type, row.success_records) for row in rows] == [
        ("continuous", 2),
        ("continuous", 1),
    ]
    assert all(row.status == "success" and row.end_time for row in rows)


def test_one_kind_alone_is_stored_ahead_and_counts_again(log: Log) -> None:
    log.append(batch([danmaku(1), gift(1)]))
    before = sync_places.reached()
    sync.sync_kind(log.redis, "gifts")
    assert (GiftData.objects.count(), DanmakuData.objects.count()) == (1, 0)
    assert sync_places.reached() == before
    assert counted() == {"received": 1, "stored": 1}
    sync.step(log.redis)
    assert counted() == {"received": 3, "stored": 2, "duplicate": 1}
    assert MinuteCount.objects.get(gifts=1).gold == 100
    assert_balanced()


def test_one_kind_alone_rejects_what_no_column_can_hold(log: Log) -> None:
    log.append(batch([danmaku(1, uid=2**63), danmaku(2)]))
    sync.sync_kind(log.redis, "danmaku")
    assert counted() == {"received": 2, "stored": 1, "rejected not storable": 1}


def test_nothing_below_the_floor_and_nobody_erased_is_stored(log: Log) -> None:
    RetentionFloor.objects.create(kind="danmaku", floor=moment(danmaku(2).at))
    ErasedPerson.objects.create(uid=1003)
    log.append(batch([danmaku(1), danmaku(2), danmaku(3), gift(3), gift(1)]))
    sync.step(log.redis)
    assert counted() == {"received": 5, "stored": 2, "rejected expired": 1, "rejected erased": 2}
    assert DanmakuData.objects.get().message == "第2条"
    assert_balanced()
