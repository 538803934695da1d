"""The way from journal to log on a real server: no gap, whatever is lost on the way."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from collector import publisher as publisher_module
from collector.backlog import Backlog
from collector.ending import ended
from collector.intake import Intake
from collector.publisher import Publisher
from collector.records import CoverageNote, coverage
from event_store import reader
from event_store.codec import Batch, decode
from event_store.connect import AsyncRedis, RedisAway, async_client, client
from event_store.cursor import LogCursor
from event_store.rooms import CommittedPosition
from event_store.writer import LogWriter
from journal.errors import JournalUnreadable
from journal.writer import JournalWriter
from tests.made import AT, ROOM
from tests.valkey_process import ValkeyProcess, until, valkey_process


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[ValkeyProcess]:
    with valkey_process(tmp_path / "redis") as process:
        yield process


class Running:
    """A publisher at work, and an intake to feed it."""

    def __init__(self, journal: JournalWriter, redis: AsyncRedis) -> None:
        self.journal = journal
        self.publisher = Publisher(journal, LogWriter(redis))
        self._intake = Intake(Backlog(journal), self.publisher)
        self._noted = 0

    def note(self, count: int = 1) -> None:
        """Journal so many events."""
        for _ in range(count):
            self._noted += 1
            self._intake.coverage(ROOM, AT + self._noted, CoverageNote("blind", f"cause {self._noted}", ""))

    def is_published(self) -> bool:
        return self.publisher.position == self.journal.position


@asynccontextmanager
async def running(
    folder: Path, url: str, committed: int | None = 0, segment_bytes: int = 2000
) -> AsyncIterator[Running]:
    async with async_client(url) as redis:
        with JournalWriter(folder / "journal", segment_bytes) as journal:
            started = Running(journal, redis)
            task = asyncio.create_task(started.publisher.run())
            if committed is not None:
                started.publisher.heed(CommittedPosition(committed))
            yield started
            await ended([task])


def logged(url: str) -> list[Batch]:
    with client(url) as redis:
        return [decode(entry.fields) for entry in reader.read(redis, LogCursor(""), 10_000)]


def causes(batches: list[Batch]) -> list[str]:
    return [event.cause for batch in batches for event in batch.events if hasattr(event, "cause")]


def numbered(*numbers: int) -> list[str]:
    return [f"cause {number}" for number in numbers]


def assert_no_gap(batches: list[Batch], begin: int = 0) -> None:
    """Each range begins where an earlier one ended, or before: that is what moves SQL's position."""
    reached = begin
    for batch in batches:
        assert batch.header.journal_from <= reached
        reached = max(reached, batch.header.journal_to)


async def test_events_reach_the_log_with_the_ranges_that_they_came_from(
    tmp_path: Path, redis_url: str
) -> None:
    async with running(tmp_path, redis_url) as run:
        for _ in range(20):
            run.note(3)
            await asyncio.sleep(0.005)
        await until(run.is_published)
        batches = logged(redis_url)
    assert causes(batches) == numbered(*range(1, 61))
    assert_no_gap(batches)
    assert batches[-1].header.journal_to == run.journal.position


async def test_what_the_live_cache_has_seen_ends_a_batch_that_is_published_again(
    tmp_path: Path, redis_url: str
) -> None:
    """After a kill, before the sync: else the cache would count the batch across it twice."""
    async with running(tmp_path, redis_url) as run:
        run.note(10)
        await until(run.is_published)
        seen = run.journal.position
    before = len(logged(redis_url))
    async with running(tmp_path, redis_url, committed=None) as run:
        run.note(3)
        run.publisher.heed(CommittedPosition(0))
        await until(run.is_published)
    again = logged(redis_url)[before:]
    assert_no_gap(again)
    assert causes(again)[:10] == numbered(*range(1, 11))
    assert seen in [batch.header.journal_to for batch in again]


async def test_full_batches_do_not_wait_and_are_cut_at_their_limit(tmp_path: Path, redis_url: str) -> None:
    async with running(tmp_path, redis_url) as run:
        await until(lambda: logged(redis_url))
        run.note(2600)
        await until(run.is_published)
        batches = logged(redis_url)
    assert max(len(batch.events) for batch in batches) == 1000
    assert causes(batches) == numbered(*range(1, 2601))


async def test_it_waits_for_the_word_of_sql_and_starts_there(tmp_path: Path, redis_url: str) -> None:
    async with running(tmp_path, redis_url) as run:
        run.note()
        await until(run.is_published)
        committed = run.journal.position
        run.note(2)
        await until(run.is_published)
    with client(redis_url) as redis:
        redis.flushall()
    async with running(tmp_path, redis_url, committed=None) as again:
        again.note()
        await asyncio.sleep(0)
        assert logged(redis_url) == []
        again.publisher.heed(CommittedPosition(committed))
        await until(again.is_published)
        batches = logged(redis_url)
    assert causes(batches) == [*numbered(2, 3), *numbered(1)]
    assert_no_gap(batches, committed)


async def test_an_outage_of_redis_costs_nothing_and_is_told(tmp_path: Path, valkey: ValkeyProcess) -> None:
    async with running(tmp_path, valkey.url) as run:
        run.note(5)
        await until(run.is_published)
        valkey.kill()
        run.note(700)
        await until(lambda: run.publisher.problem)
        assert run.publisher.problem.startswith("Redis is away")
        run.note(5)
        valkey.start()
        await until(run.is_published)
        run.note(5)
        await until(run.is_published)
        assert run.publisher.problem == ""
        batches = logged(valkey.url)
    assert list(dict.fromkeys(causes(batches))) == numbered(*range(1, 716))
    assert_no_gap(batches)


async def test_it_goes_back_when_the_sync_stands_before_a_hole(
    tmp_path: Path, valkey: ValkeyProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher_module, "PROBE_SECONDS", 0.0)
    async with running(tmp_path, valkey.url) as run:
        run.note(3)
        await until(run.is_published)
        committed = run.journal.position
        run.note(3)
        await until(run.is_published)
        valkey.lose_everything()
        valkey.start()
        await until(lambda: seen_after_loss(valkey.url))
        first = logged(valkey.url)[0]
        assert first.header.journal_from > committed  # the sync sees the hole even if nothing happens
        hole = CommittedPosition(committed, hole_stream_id=first_id(valkey.url))
        run.publisher.heed(hole)
        await until(lambda: causes(logged(valkey.url)) == numbered(4, 5, 6))
        published = len(logged(valkey.url))
        run.publisher.heed(hole)  # the same old hole, heard again
        run.note()
        await until(run.is_published)
        assert causes(logged(valkey.url)[published:]) == numbered(7)


def first_id(url: str) -> str:
    with client(url) as redis:
        return reader.log_state(redis).first_id


def seen_after_loss(url: str) -> bool:
    try:
        return bool(logged(url))
    except RedisAway:
        return False


async def test_journal_bytes_that_are_gone_are_counted_and_not_waited_for(
    tmp_path: Path, redis_url: str
) -> None:
    with JournalWriter(tmp_path / "journal") as journal:
        journal.skip_to(5000)
    async with running(tmp_path, redis_url, committed=1000) as run:
        run.note()
        await until(run.is_published)
        batches = logged(redis_url)
    assert_no_gap(batches, begin=1000)
    assert causes(batches) == numbered(1)
    lost = [counts for batch in batches for counts in batch.header.counts if counts.tally.undecodable]
    assert [counts.tally.undecodable for counts in lost] == [{"journal parts lost": 1}]


async def test_when_redis_is_too_slow_memory_is_given_up_for_the_journal(
    tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher_module, "WAITING_BATCHES", 2)
    async with running(tmp_path, redis_url) as run:
        await until(lambda: logged(redis_url))
        run.note(3000)  # three batches at once, before anything can be sent
        await until(run.is_published)
        batches = logged(redis_url)
    assert causes(batches) == numbered(*range(1, 3001))
    assert_no_gap(batches)


async def test_draining_leaves_nothing_behind(tmp_path: Path, redis_url: str) -> None:
    async with running(tmp_path, redis_url) as run:
        await until(lambda: logged(redis_url))
        run.note(10)
        await run.publisher.drain()
        assert causes(logged(redis_url)) == numbered(*range(1, 11))


async def test_a_journal_that_lost_its_end_goes_on_behind_what_sql_has(
    tmp_path: Path, redis_url: str
) -> None:
    with JournalWriter(tmp_path / "journal") as journal:
        journal.append(coverage(ROOM, AT, CoverageNote("blind", "", ""), AT))
        lost = journal.position + 700
    async with running(tmp_path, redis_url, committed=lost) as run:
        assert run.publisher.knows_its_place
        run.note(12)
        await until(run.is_published)
        batches = logged(redis_url)
    assert causes(batches) == numbered(*range(1, 13))
    assert batches[0].header.journal_from == lost


async def test_a_journal_that_cannot_be_read_is_told_and_tried_again(
    tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher_module, "_LAST_RETRY", 0.01)

    def refuse(*_: object) -> Iterator[None]:
        raise JournalUnreadable("the journal cannot be read: Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(publisher_module, "read", refuse)
        async with running(tmp_path, redis_url) as run:
            run.note()
            await until(lambda: run.publisher.problem)
            assert run.publisher.problem.startswith("the journal cannot be read")
            broken.undo()
            await until(run.is_published)
            assert causes(logged(redis_url)) == numbered(1)
