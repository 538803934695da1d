"""What is said of rooms when a part of the journal is lost that SQL does not have."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from bilibili_live.events import AS_BEFORE, Coverage, Decoded
from bilibili_live.protocol.packets import AUTH_REPLY, HEARTBEAT_REPLY, pack
from collector import publisher as publisher_module
from collector.damage import CAUSE, Damage
from collector.publisher import Publisher
from collector.records import CoverageNote, Kind, coverage, numbered_until
from event_store.connect import async_client
from event_store.writer import LogWriter
from journal.record import Record
from journal.writer import JournalWriter
from tests.made import AT

WATCHED, ALSO, FORMER = 90001, 90002, 90003
BEAT = pack(HEARTBEAT_REPLY, b"\0\0\0\1")


def beat(room_id: int, seconds: int) -> Record:
    return Record(Kind.FRAME, AT + seconds * 1000, room_id, 1, BEAT)


def covered(room_id: int, seconds: int, noted: int) -> Record:
    at = AT + seconds * 1000
    return coverage(room_id, at, CoverageNote("covered", "", "", noted=noted), at)


def refused(room_id: int, seconds: int) -> Record:
    return Record(Kind.FRAME, AT + seconds * 1000, room_id, 2, pack(AUTH_REPLY, b'{"code":-101}'))


def spans(decoded: Iterable[Decoded]) -> list[tuple[int, str, int, int]]:
    """(room, state, begin in s after AT, noted in ms after AT)."""
    events = [event for each in decoded for event in each.events]
    return [
        (event.room_id, event.state, (event.at - AT) // 1000, event.received_at - AT)
        for event in events
        if isinstance(event, Coverage)
    ]


def lost(damage: Damage) -> list[tuple[int, str, int, int]]:
    return spans(decoded for _, decoded in damage.lost())


def passed(damage: Damage, *records: Record) -> list[tuple[int, str, int, int]]:
    """What is said while they go by."""
    return spans(said for record in records if (said := damage.pass_by(record)))


def damage_record(folder: Path, position: int) -> None:
    """The one that begins there, in the only segment."""
    [file] = folder.glob("*.journal")
    data = bytearray(file.read_bytes())
    data[position + 28] ^= 0xFF
    file.write_bytes(data)


def test_rooms_that_were_connected_are_blind_until_they_are_heard_of(tmp_path: Path) -> None:
    damage = Damage(tmp_path, 0)
    before = (beat(FORMER, 0), covered(WATCHED, 150, AT + 150_000), beat(WATCHED, 170), beat(ALSO, 200))
    assert passed(damage, *before) == []
    assert lost(damage) == [(WATCHED, "blind", 200, 200_000), (ALSO, "blind", 200, 200_000)]
    assert passed(damage, beat(FORMER, 300), beat(ALSO, 310), beat(ALSO, 320)) == [
        (ALSO, AS_BEFORE, 310, 310_000)
    ]


def test_a_note_behind_the_lost_part_says_what_is_so(tmp_path: Path) -> None:
    damage = Damage(tmp_path, 0)
    passed(damage, beat(WATCHED, 0))
    lost(damage)
    assert passed(damage, covered(WATCHED, 5, AT + 5_000), beat(WATCHED, 9)) == []


def test_an_answer_that_may_be_a_refusal_does_not_show_that_a_room_is_connected(tmp_path: Path) -> None:
    damage = Damage(tmp_path, 0)
    passed(damage, beat(WATCHED, 0))
    lost(damage)
    assert passed(damage, refused(WATCHED, 5)) == []


def test_a_room_that_was_blind_already_stays_so_with_its_cause(tmp_path: Path) -> None:
    damage = Damage(tmp_path, 0)
    gone = coverage(WATCHED, AT + 5_000, CoverageNote("blind", "unreachable", ""), AT + 5_000)
    passed(damage, beat(WATCHED, 0), gone, beat(ALSO, 9))
    assert lost(damage) == [(ALSO, "blind", 9, 9_000)]


def test_it_is_noted_behind_what_a_clock_said_that_was_ahead(tmp_path: Path) -> None:
    day = 86_400_000
    by_note, by_number = Damage(tmp_path, 0), Damage(tmp_path, 0)
    passed(by_note, covered(WATCHED, 1, AT + day), beat(WATCHED, 2))
    passed(by_number, numbered_until(AT + day, AT), beat(WATCHED, 2))
    for damage in by_note, by_number:
        assert lost(damage) == [(WATCHED, "blind", 2, day + 1)]
        assert passed(damage, beat(WATCHED, 30)) == [(WATCHED, AS_BEFORE, 30, day + 1)]


def test_many_lost_parts_of_one_second_are_told_once(tmp_path: Path) -> None:
    damage = Damage(tmp_path, 0)
    passed(damage, beat(WATCHED, 0))
    assert len(lost(damage)) == 1
    assert passed(damage, beat(WATCHED, 0)) == []
    assert lost(damage) == []
    assert passed(damage, beat(WATCHED, 1), beat(WATCHED, 5)) == [(WATCHED, AS_BEFORE, 1, 1_000)]
    assert lost(damage) == [(WATCHED, "blind", 5, 5_000)]


def torn(folder: Path, journal: JournalWriter) -> int:
    """The position of its damaged record, at 20 s."""
    journal.append(covered(WATCHED, 0, AT))
    journal.append(beat(WATCHED, 10))
    position = journal.position
    journal.append(beat(WATCHED, 20))
    journal.append(beat(WATCHED, 30))
    damage_record(folder, position)
    return position


async def test_a_damaged_record_is_told_by_whatever_lies_before_it(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        position = torn(tmp_path, journal)
        async with async_client("redis://localhost:1") as redis:
            publisher = Publisher(journal, LogWriter(redis))
            for start in (0, position):
                batches = list(publisher._journal_batches(start, journal.position, 0))
                told = [event for batch in batches for event in batch.events if isinstance(event, Coverage)]
                assert [(span.state, span.at - AT) for span in told if span.cause == CAUSE] == [
                    ("blind", 10_000)
                ]
                assert (told[-1].state, told[-1].at - AT) == (AS_BEFORE, 30_000)
                tallies = [counts.tally.undecodable for batch in batches for counts in batch.header.counts]
                assert {"journal parts lost": 1} in tallies
                assert position < publisher.lost_to < journal.position


def test_a_room_that_was_noted_blind_since_the_start_stays_so(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        journal.append(beat(WATCHED, 0))
        start = journal.position
    damage = Damage(tmp_path, start)
    left_alone = coverage(WATCHED, AT + 5_000, CoverageNote("blind", "not live", ""), AT + 5_000)
    assert passed(damage, left_alone, beat(ALSO, 9)) == []
    assert lost(damage) == [(ALSO, "blind", 9, 9_000)]


def test_who_goes_on_behind_a_lost_part_knows_which_rooms_are_dark(tmp_path: Path) -> None:
    damage = Damage(tmp_path, 0)
    passed(damage, covered(WATCHED, 0, AT), beat(WATCHED, 10))
    assert lost(damage) == [(WATCHED, "blind", 10, 10_000)]
    again = Damage(tmp_path, 0, damage.dark)
    assert passed(again, beat(WATCHED, 30)) == [(WATCHED, AS_BEFORE, 30, 30_000)]
    assert again.dark == {}


async def test_a_batch_that_is_refused_behind_a_lost_part_leaves_no_room_blind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher_module, "BATCH_EVENTS", 1)
    with JournalWriter(tmp_path) as journal:
        journal.append(covered(WATCHED, 0, AT))
        journal.append(beat(WATCHED, 10))
        position = journal.position
        for at in (20, 30, 60):
            journal.append(beat(WATCHED, at))
        damage_record(tmp_path, position)
        async with async_client("redis://localhost:1") as redis:
            publisher = Publisher(journal, LogWriter(redis))
            told: list[Decoded] = []
            for batch in publisher._journal_batches(0, journal.position, 0):
                told.append(Decoded(events=batch.events))
                publisher.position = batch.header.journal_to
                if spans(told)[-1][1] == "blind":
                    break
            # What follows was refused: it is read again from there.
            rest = publisher._journal_batches(publisher.position, journal.position, 0)
            told += [Decoded(events=batch.events) for batch in rest]
    assert [span[1:3] for span in spans(told)] == [("covered", 0), ("blind", 10), (AS_BEFORE, 30)]
