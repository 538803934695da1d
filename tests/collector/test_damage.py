"""What is said of rooms when a part of the journal is lost that SQL does not have."""

from pathlib import Path

from bilibili_live.events import AS_BEFORE, Coverage
from bilibili_live.protocol.packets import HEARTBEAT_REPLY, pack
from collector.damage import CAUSE, Damage
from collector.publisher import Publisher
from collector.records import CoverageNote, Kind, coverage
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


def said(damage: Damage, until: int) -> list[tuple[int, str, int, int]]:
    """(room, state, begin in s after AT, noted)."""
    events = [event for _, decoded in damage.lost(AT + until * 1000) for event in decoded.events]
    return [
        (event.room_id, event.state, (event.at - AT) // 1000, event.received_at)
        for event in events
        if isinstance(event, Coverage)
    ]


def test_rooms_that_were_connected_are_blind_until_the_next_record(tmp_path: Path) -> None:
    damage = Damage(tmp_path, 0)
    for record in (beat(FORMER, 0), covered(WATCHED, 150, AT + 150_000), beat(WATCHED, 170), beat(ALSO, 200)):
        damage.pass_by(record)
    noted = AT + 200_000
    assert said(damage, 900) == [
        (WATCHED, "blind", 200, noted),
        (WATCHED, AS_BEFORE, 900, noted),
        (ALSO, "blind", 200, noted),
        (ALSO, AS_BEFORE, 900, noted),
    ]


def test_it_is_noted_behind_what_a_clock_said_that_was_ahead(tmp_path: Path) -> None:
    damage = Damage(tmp_path, 0)
    for record in (covered(WATCHED, 1, AT + 86_400_000), beat(WATCHED, 2)):
        damage.pass_by(record)
    assert {noted for *_, noted in said(damage, 9)} == {AT + 86_400_001}


def test_many_lost_parts_of_one_second_are_told_once(tmp_path: Path) -> None:
    damage = Damage(tmp_path, 0)
    damage.pass_by(beat(WATCHED, 0))
    assert [begin for _, _, begin, _ in said(damage, 0)] == [0, 1]
    assert said(damage, 1) == []
    damage.pass_by(beat(WATCHED, 5))
    assert [begin for _, _, begin, _ in said(damage, 9)] == [5, 9]


def torn(folder: Path, journal: JournalWriter) -> int:
    """The position of its damaged record, at 20 s."""
    journal.append(covered(WATCHED, 0, AT))
    journal.append(beat(WATCHED, 10))
    position = journal.position
    journal.append(beat(WATCHED, 20))
    journal.append(beat(WATCHED, 30))
    [file] = folder.glob("*.journal")
    data = bytearray(file.read_bytes())
    data[position + 28] ^= 0xFF
    file.write_bytes(data)
    return position


async def test_a_damaged_record_is_told_by_whatever_lies_before_it(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        position = torn(tmp_path, journal)
        async with async_client("redis://localhost:1") as redis:
            publisher = Publisher(journal, LogWriter(redis))
            for start in (0, position):
                batches = list(publisher._journal_batches(start, journal.position, 0))
                spans = [event for batch in batches for event in batch.events if isinstance(event, Coverage)]
                assert [(span.state, span.at - AT) for span in spans if span.cause == CAUSE] == [
                    ("blind", 10_000)
                ]
                assert (spans[-1].state, spans[-1].at - AT) == (AS_BEFORE, 30_000)
                tallies = [counts.tally.undecodable for batch in batches for counts in batch.header.counts]
                assert {"journal parts lost": 1} in tallies
