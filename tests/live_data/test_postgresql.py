"""What is PostgreSQL's own: months, one moment, poison inside of a transaction, servers that do not fit."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
import pytest
from django.db import IntegrityError, NotSupportedError, connection, transaction

from bilibili_live.events import Danmaku
from live_data import checks, instants, sync
from live_data.models import DanmakuData, DeadLetter, GiftData, InteractionData, LiveRoom, PersonName, months
from live_data.queries.moment import one_moment
from live_data.search import filling, name_index
from live_data.storing import calendar, inserting, person_names
from live_data.storing.rows import ROWS
from tests.live_data.admin_rows import made
from tests.live_data.conftest import Log
from tests.made import ROOM, batch, danmaku, gift
from tests.runtime.running import wait_until

pytestmark = [pytest.mark.only_on("postgresql"), pytest.mark.django_db(transaction=True)]


def row_at(time: datetime, number: int = 1) -> DanmakuData:
    row: DanmakuData = made(DanmakuData, number)
    row.timestamp = time
    row.event_id = instants.epoch_ms(time).to_bytes(6, "big") + number.to_bytes(10, "big")
    return row


def insert(row: DanmakuData) -> None:
    """Its time, identity and room, by COPY."""
    told = {"event_id": row.event_id, "at": instants.epoch_ms(row.timestamp), "room_id": row.room_id}
    form, event = ROWS[Danmaku], msgspec.structs.replace(danmaku(1), **told)
    inserting.insert(form.table, form.columns, form.rows([(event, 1)], {row.room_id: None}, row.timestamp))


def month_of(row: DanmakuData) -> str:
    """The table that has it."""
    return str(ask("SELECT tableoid::regclass::text FROM live_data_danmakudata WHERE id = %s", row.pk))


def ask(question: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


@pytest.fixture(autouse=True)
def _the_room_of_what_is_made() -> None:
    made(DanmakuData)


@pytest.mark.parametrize(
    ("time", "month"),
    [
        (datetime(2026, 10, 31, 23, 59, 59, 999_000, tzinfo=UTC), "2026_10"),
        (datetime(2026, 11, 1, tzinfo=UTC), "2026_11"),
        (datetime(2026, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC), "2026_12"),
        (datetime(2009, 6, 26, tzinfo=UTC), "2009_06"),
        (datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC), "9999_12"),
    ],
)
def test_a_row_of_any_year_gets_its_month_in_utc(time: datetime, month: str) -> None:
    row = row_at(time)
    row.save()
    assert month_of(row) == f"live_data_danmakudata_{month}"


def test_months_are_made_in_a_transaction_that_has_inserted_already() -> None:
    with transaction.atomic():
        for number in range(1, 4):
            insert(row_at(datetime(2031, number, 1, tzinfo=UTC), number))
    assert DanmakuData.objects.count() == 3


def test_a_month_whose_transaction_was_undone_is_made_again() -> None:
    row = row_at(datetime(2032, 1, 1, tzinfo=UTC))
    with transaction.atomic():
        insert(row)
        transaction.set_rollback(True)
    insert(row)
    assert DanmakuData.objects.get().event_id == row.event_id


def test_two_who_need_the_same_month_both_get_it() -> None:
    begin = threading.Barrier(2)

    def work(number: int) -> None:
        begin.wait(20)
        with contextlib.closing(connection):
            insert(row_at(datetime(2033, 1, number, tzinfo=UTC), number))

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work, number) for number in (1, 2)]:
            done.result(60)
    assert DanmakuData.objects.count() == 2


def test_the_orm_reads_changes_and_deletes_rows_by_their_number() -> None:
    rows = [row_at(datetime(2034, number, 1, tzinfo=UTC), number) for number in (1, 2)]
    DanmakuData.objects.bulk_create(rows)
    assert len({row.pk for row in rows} - {None}) == 2
    found = DanmakuData.objects.get(pk=rows[0].pk)
    assert (found.event_id, found.message) == (rows[0].event_id, rows[0].message)
    found.message = "changed"
    found.save()
    assert DanmakuData.objects.get(event_id=rows[0].event_id).message == "changed"
    found.delete()
    assert [row.pk for row in DanmakuData.objects.all()] == [rows[1].pk]


def test_an_event_comes_once_and_knows_its_room() -> None:
    row = row_at(datetime(2035, 1, 1, tzinfo=UTC))
    insert(row)
    with pytest.raises(IntegrityError):
        insert(row)
    stranger = row_at(datetime(2035, 1, 1, tzinfo=UTC), 2)
    stranger.room_id = 404
    with pytest.raises(IntegrityError):
        insert(stranger)


@pytest.mark.parametrize("table", ["live_data_danmakudata", "live_data_interactiondata"])
def test_each_month_has_the_named_indexes(table: str) -> None:
    assert table in months.TABLES
    names = "SELECT count(*) FROM pg_indexes WHERE tablename = %s"
    made(InteractionData).save()
    made(DanmakuData).save()
    parts = "FROM pg_inherits WHERE inhparent = %s::regclass"
    of_month = ask(f"SELECT min(inhrelid::regclass::text) {parts}", table)
    assert ask(names, of_month) == ask(names, table) >= 3
    assert ask("SELECT count(*) FROM pg_indexes WHERE tablename = %s AND indexname LIKE 'idx%%'", table) >= 1


def test_ids_are_ordered_by_their_bytes() -> None:
    ids = [bytes([first, *[0] * 14, last]) for first in (0, 1) for last in (0, 1, 127, 128, 255)]
    GiftData.objects.bulk_create([_gift(event_id, n) for n, event_id in enumerate(reversed(ids), 1)])
    found = list(GiftData.objects.order_by("event_id").values_list("event_id", flat=True))
    assert found == sorted(ids)
    after = GiftData.objects.filter(event_id__gt=ids[3]).values_list("event_id", flat=True)
    assert set(after) == {each for each in ids if each > ids[3]}


def _gift(event_id: bytes, number: int) -> GiftData:
    row: GiftData = made(GiftData, number)
    row.event_id = event_id
    return row


def test_what_is_read_at_one_moment_does_not_see_what_is_committed_meanwhile() -> None:
    def other() -> None:
        LiveRoom.objects.create(room_id=7)
        connection.close()

    with one_moment():
        before = LiveRoom.objects.count()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(other).result(30)
        assert LiveRoom.objects.count() == before
    assert LiveRoom.objects.count() == before + 1
    LiveRoom.objects.create(room_id=8)  # the next transaction may write again


def test_what_postgresql_refuses_is_kept_apart_and_the_rest_of_its_batch_stored(log: Log) -> None:
    odd = [danmaku(1, message="a\0b"), danmaku(2, medal_level=2**31), danmaku(3, uid=2**63)]
    log.append(batch([danmaku(10), *odd, gift(1)]))
    step = sync.step(log.redis)
    assert (step.received, step.rejected) == (5, 3)
    assert DanmakuData.objects.count() == GiftData.objects.count() == 1
    reasons = sorted(DeadLetter.objects.values_list("reason", flat=True))
    assert [reason.split(":")[0] for reason in reasons] == ["DataError"] * 3
    assert any("NUL" in reason for reason in reasons)


def test_a_name_too_long_for_an_index_stops_nothing(log: Log) -> None:
    hostile = "".join(map(chr, Random(1).sample(range(0x4E00, 0x9FA5), 5_000)))
    log.append(batch([danmaku(1), danmaku(2, username=hostile), gift(3)]))
    sync.step(log.redis)
    assert DanmakuData.objects.count() == 1
    letter = DeadLetter.objects.get()
    assert letter.reason.startswith("DataError")


def test_levels_beyond_16_bits_are_stored(log: Log) -> None:
    log.append(batch([danmaku(1, guard_level=70_000, wealth_level=2**31 - 1)]))
    sync.step(log.redis)
    assert DanmakuData.objects.get(room_id=ROOM).wealth_level == 2**31 - 1


def test_a_database_in_another_encoding_is_an_error_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.server_fits(["default"]) == []
    monkeypatch.setattr(checks, "_server_encoding", lambda: "SQL_ASCII")
    [told] = checks.server_fits(["default"])
    assert (told.id, "SQL_ASCII" in told.msg, "UTF8" in str(told.hint)) == ("live_data.E002", True, True)


def test_a_server_that_is_too_old_is_an_error_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise NotSupportedError("PostgreSQL 14 or later is required (found 13.2)")

    monkeypatch.setattr(checks, "_server_encoding", refuse)
    [told] = checks.server_fits(["default"])
    assert (told.id, "found 13.2" in told.msg, "newer" in str(told.hint)) == ("live_data.E001", True, True)


def test_a_filling_of_the_index_passes_over_no_name_that_is_not_committed_yet() -> None:
    is_stored, may_commit = threading.Event(), threading.Event()
    calendar.days()  # one row, for which others would wait

    def store_slowly() -> None:
        with transaction.atomic():
            _called(1)
            is_stored.set()
            assert may_commit.wait(10)
        connection.close()

    def fill() -> int | None:
        try:
            return filling.fill()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(store_slowly)
        assert is_stored.wait(10)
        _called(2)
        filler = pool.submit(fill)
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        wait_until(lambda: ask(waiting) == 1, "the filling waits")
        may_commit.set()
        assert (first.result(), filler.result()) == (None, 2)
    assert name_index.filled_to() == max(PersonName.objects.values_list("pk", flat=True))


def test_a_filling_that_has_nothing_to_do_or_must_not_wait_stands_in_no_sync_s_way() -> None:
    is_stored, may_commit = threading.Event(), threading.Event()
    _called(1)

    def store_slowly() -> None:
        with transaction.atomic():
            name_index.before_insert()
            is_stored.set()
            assert may_commit.wait(10)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        storing = pool.submit(store_slowly)
        assert is_stored.wait(10)
        assert filling.fill(waits=False) is None
        may_commit.set()
        storing.result()
        assert filling.fill(waits=False) == 1
        is_stored.clear()
        may_commit.clear()
        storing = pool.submit(store_slowly)
        assert is_stored.wait(10)
        assert filling.fill() is None  # at once: everything is in the index
        may_commit.set()
        storing.result()


def _called(uid: int) -> None:
    days = calendar.days()
    with transaction.atomic():
        person_names.write({(uid, "阿狸", days.of(0)): 1}, days)
