"""The journal between its frames: what is deleted, measured and told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector import journal_keeping
from collector.backlog import Backlog
from collector.intake import Intake
from collector.journal_keeping import JournalKeeping
from collector.publisher import Publisher
from event_store.connect import async_client
from event_store.writer import LogWriter
from journal.record import Record
from journal.retention import Limits
from journal.segments import segments
from journal.writer import JournalWriter
from tests.full_disk import full_disk
from tests.made import AT, ROOM

LIMITS = Limits(size=1 << 20)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[JournalWriter]:
    with JournalWriter(tmp_path, LIMITS.segment_bytes) as opened:
        for number in range(2000):
            opened.append(Record(1, AT + number, ROOM, 1, bytes(1000)))
        yield opened


@pytest.fixture
async def keeping(journal: JournalWriter, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> JournalKeeping:
    monkeypatch.setattr(journal_keeping, "_LOOK_TICKS", 1)
    backlog = Backlog(journal)
    intake = Intake(backlog, Publisher(journal, LogWriter(async_client(redis_url))))
    return JournalKeeping(journal, backlog, intake, LIMITS)


async def test_nothing_is_deleted_or_told_before_sql_has_spoken(
    journal: JournalWriter, keeping: JournalKeeping
) -> None:
    await keeping.tick(None)
    assert (journal.first, keeping.storage().size, keeping.storage().is_over) == (0, 0, False)


async def test_more_than_the_limit_stays_and_is_told_while_sql_lacks_it(
    journal: JournalWriter, keeping: JournalKeeping
) -> None:
    await keeping.tick(0)
    storage = keeping.storage()
    assert (journal.first, storage.size, storage.is_over) == (0, journal.position, True)
    await keeping.tick(journal.position)
    storage = keeping.storage()
    assert not storage.is_over
    assert storage.size <= storage.limit == 1 << 20
    assert storage.size == sum(segment.end - segment.base for segment in segments(journal.folder))


async def test_while_the_disk_refuses_frames_it_is_full_now(
    journal: JournalWriter, keeping: JournalKeeping
) -> None:
    await keeping.tick(journal.position)
    with full_disk(1 << 16):
        keeping._intake.frame(ROOM, bytes(100_000), AT, 1)
        keeping._intake.frame(ROOM, bytes(100_000), AT, 1)
        await keeping.tick(journal.position)
        storage = keeping.storage()
        assert (storage.waiting, storage.full_in) == (2, 0.0)
        assert "wait in memory" in keeping.problem
    await keeping.tick(journal.position)
    assert (keeping.storage().waiting, keeping.storage().full_in, keeping.problem) == (0, -1.0, "")
