"""What a full disk refuses waits in memory, in order and within bounds, and is shown once it is written."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bilibili_live.events import Decoded
from collector import backlog as backlog_module
from collector.backlog import Backlog
from collector.intake import Intake
from collector.records import CoverageNote, Kind, decode_record
from journal.errors import JournalRefused
from journal.reader import read
from journal.record import MAGIC, Record
from journal.segments import segments
from journal.writer import JournalWriter
from tests.collector.test_publisher import causes, logged, numbered, running
from tests.full_disk import full_disk
from tests.made import AT, ROOM, danmaku
from tests.valkey_process import until

_FILLED = 1 << 20  # bytes; more than anything else that a test run writes to a file meanwhile
FULL = _FILLED + 200


def frame(number: int, size: int = 1000) -> Record:
    return Record(Kind.FRAME, AT + number, ROOM, 1, bytes(size))


def fill(journal: JournalWriter) -> None:
    journal.append(frame(0, _FILLED))


def times(journal: JournalWriter) -> list[int]:
    found = read(journal.folder, 0, journal.position)
    return [item.record.received_at - AT for item in found if item.record]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[JournalWriter]:
    with JournalWriter(tmp_path / "journal") as opened:
        fill(opened)
        yield opened


@pytest.fixture(autouse=True)
def _tries_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog_module, "_TRY_AGAIN", 0.0)


def test_what_the_disk_refuses_is_journaled_later_in_its_order(journal: JournalWriter) -> None:
    backlog = Backlog(journal)
    with full_disk(FULL):
        assert not any(backlog.journal(frame(number), AT + number) for number in range(1, 6))
        assert (len(backlog), backlog.since) == (5, AT + 1)
        assert "5 records (5 KiB) wait in memory" in backlog.problem
        assert "2026-09-21" in backlog.problem
        assert times(journal) == [0]
    assert backlog.journal(frame(6), AT)
    assert (len(backlog), backlog.since, backlog.problem) == (0, 0, "")
    assert times(journal) == [*range(7)]


def test_a_small_record_does_not_overtake_a_large_one_that_waits(journal: JournalWriter) -> None:
    backlog = Backlog(journal)
    with full_disk(FULL):
        assert not backlog.journal(frame(1, 5000), AT)
        assert not backlog.journal(frame(2, 10), AT)  # it alone would fit
    assert not backlog.write_out()
    assert times(journal) == [0, 1, 2]


def test_memory_has_a_bound_for_frames_and_a_later_one_for_notes(
    journal: JournalWriter, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog_module, "_MORE_FOR_NOTES", 500)
    backlog = Backlog(journal, most_bytes=2000)
    with full_disk(FULL):
        assert not backlog.journal(frame(1), AT)
        assert not backlog.journal(frame(2), AT)
        with pytest.raises(JournalRefused, match="File too large"):
            backlog.journal(frame(3), AT)
        assert "frames are refused" in backlog.problem
        assert not backlog.journal_note(frame(4, 10), AT)
        with caplog.at_level(logging.ERROR):
            assert not backlog.journal_note(frame(5, 10), AT)
        assert backlog.lost == 1
        assert backlog.problem.endswith("; 1 notes found no place and are lost")
        assert "a note of room 90001 is lost" in caplog.text
    assert not backlog.write_out()
    assert times(journal) == [0, 1, 2, 4]


def test_a_large_backlog_is_written_in_slices(
    journal: JournalWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog_module, "_SLICE", 3000)
    backlog = Backlog(journal)
    with full_disk(FULL):
        for number in range(1, 9):
            backlog.journal(frame(number), AT)
    slices = 1
    while backlog.write_out():
        slices += 1
    assert slices == 3
    assert times(journal) == [*range(9)]


def test_a_disk_that_fills_again_while_it_is_written_loses_nothing(journal: JournalWriter) -> None:
    backlog = Backlog(journal)
    with full_disk(FULL):
        for number in range(1, 6):
            backlog.journal(frame(number), AT)
    with full_disk(FULL + 2500):
        assert not backlog.write_out()
        assert len(backlog) == 3
    assert not backlog.write_out()
    assert times(journal) == [*range(6)]
    [segment] = segments(journal.folder)
    assert segment.end == journal.position


async def test_nothing_is_shown_before_it_is_in_the_journal(tmp_path: Path, redis_url: str) -> None:
    async with running(tmp_path, redis_url, segment_bytes=1 << 30) as run:
        fill(run.journal)
        run.note(2)
        await until(run.is_published)
        with full_disk(run.journal.position + len("magic...")):
            run.note(3)
            published = run.journal.position
            await until(lambda: run.publisher.position == published)
            assert causes(logged(redis_url)) == numbered(1, 2)
        run.note()
        await until(run.is_published)
        run.note()
        await until(run.is_published)
        batches = logged(redis_url)
    assert causes(batches) == numbered(*range(1, 8))


async def test_what_waited_and_leaves_when_the_next_one_is_refused_is_published(
    tmp_path: Path, redis_url: str
) -> None:
    async with running(tmp_path, redis_url, segment_bytes=1 << 30) as run:
        fill(run.journal)
        run.note()
        before = run.journal.position
        run.note()
        note, begin = run.journal.position - before, run.journal.position + len(MAGIC)
        await until(run.is_published)
        with full_disk(begin):
            run.note()
        for number in (1, 2):  # of each two that wait or come, the disk takes one
            with full_disk(begin + number * note):
                run.note()
            assert run.journal.position + len(MAGIC) == begin + number * note
            await until(run.is_published)
        run.note()
        await until(run.is_published)
        assert causes(logged(redis_url)) == numbered(*range(1, 7))


class Taking:
    """What the publisher would be handed."""

    def __init__(self) -> None:
        self.taken: list[Decoded] = []
        self.rereads = 0

    def take(self, room_id: int, decoded: Decoded) -> None:
        self.taken.append(decoded)

    def read_again(self) -> None:
        self.rereads += 1


async def test_what_a_waiting_frame_held_is_not_handed_on_and_the_next_one_is(journal: JournalWriter) -> None:
    taking, decoded = Taking(), [Decoded(events=[danmaku(number)]) for number in range(3)]
    intake = Intake(Backlog(journal), taking)  # type: ignore[arg-type]  # only these two are called
    intake.frame(ROOM, b"a", AT, 1)
    intake.decoded(ROOM, decoded[0])
    with full_disk(journal.position):
        intake.frame(ROOM, b"b", AT + 1, 1)
        intake.decoded(ROOM, decoded[1])
        intake.coverage(ROOM, AT + 2, CoverageNote("blind", "connection lost", ""))
        await intake.write_out()
        assert (taking.taken, taking.rereads) == ([decoded[0]], 0)
    await intake.write_out()
    assert taking.rereads == 1
    intake.frame(ROOM, b"c", AT + 3, 1)
    intake.decoded(ROOM, decoded[2])
    assert taking.taken == [decoded[0], decoded[2]]
    kept = [item.record for item in read(journal.folder, 0, journal.position) if item.record]
    assert [each.payload for each in kept if each.kind == Kind.FRAME][-3:] == [b"a", b"b", b"c"]
    assert decode_record(kept[-2]).events[0].kind == "coverage"


@pytest.mark.parametrize("kind", ["frame", "note"])
@pytest.mark.parametrize("waiting", [1, 3])
async def test_what_leaves_the_backlog_is_read_again_whatever_becomes_of_the_next_one(
    journal: JournalWriter, kind: str, waiting: int
) -> None:
    taking = Taking()
    intake = Intake(Backlog(journal), taking)  # type: ignore[arg-type]  # only these two are called
    with full_disk(journal.position):
        for number in range(waiting):
            intake.frame(ROOM, bytes(1000), AT + number, 1)
    with full_disk(journal.position + 1100):  # one of those that wait fits
        if kind == "frame":
            intake.frame(ROOM, bytes(1000), AT + 9, 1)
        else:
            intake.coverage(ROOM, AT + 9, CoverageNote("blind", "connection lost", "x" * 1000))
    assert times(journal) == [0, 0]
    assert (taking.taken, taking.rereads) == ([], 1)


async def test_what_leaves_a_full_backlog_is_read_again_when_the_next_frame_is_refused(
    journal: JournalWriter,
) -> None:
    taking = Taking()
    intake = Intake(Backlog(journal, most_bytes=3000), taking)  # type: ignore[arg-type]  # only these two
    with full_disk(journal.position):
        for number in range(2):
            intake.frame(ROOM, bytes(2000), AT + number, 1)
        with pytest.raises(JournalRefused):
            intake.frame(ROOM, bytes(1000), AT + 8, 1)
        intake.coverage(ROOM, AT + 8, CoverageNote("blind", "journal full", "x" * 2000))
    with full_disk(journal.position + 2100), pytest.raises(JournalRefused):
        intake.frame(ROOM, bytes(1000), AT + 9, 1)
    assert times(journal) == [0, 0]
    assert taking.rereads == 1
