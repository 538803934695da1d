"""What the journal's tail says of the run before, room by room."""

import json
from pathlib import Path

from bilibili_live.protocol.packets import AUTH_REPLY, HEARTBEAT_REPLY, MESSAGE, pack
from collector import last_signs, records
from collector.last_signs import TAIL, LastSigns
from collector.records import CoverageNote, Kind
from journal.record import Record
from journal.writer import JournalWriter
from tests.bilibili_live.messages import danmaku
from tests.made import AT

QUIET, LOUD = 90001, 90002
DAY = 86_400_000
LET_IN = pack(AUTH_REPLY, b'{"code":0}')
BEAT = pack(HEARTBEAT_REPLY, b"\0\0\0\1")


def frame(room_id: int, at: int, data: bytes, connection: int = 1) -> Record:
    return Record(Kind.FRAME, AT + at, room_id, connection, data)


def chat(at: int) -> bytes:
    """A line that was said then (ms after AT)."""
    said = danmaku()
    said["info"][0][4] = AT + at
    return pack(MESSAGE, json.dumps(said).encode(), 0)


def read(folder: Path, *written: Record, now: int, segment_bytes: int = 1 << 20) -> LastSigns:
    """``now`` in ms after AT."""
    with JournalWriter(folder, segment_bytes) as journal:
        for record in written:
            journal.append(record)
    with JournalWriter(folder, segment_bytes) as journal:
        return last_signs.read(folder, journal.last_received_at, AT + now)


def covered(room_id: int, at: int) -> Record:
    return records.coverage(room_id, AT + at, CoverageNote("covered", "", ""), AT + at)


def test_an_empty_journal_knows_no_run_before(tmp_path: Path) -> None:
    assert read(tmp_path, now=5) == LastSigns()
    assert LastSigns().of(QUIET) == 0


def test_each_room_goes_dark_at_its_own_last_frame(tmp_path: Path) -> None:
    signs = read(
        tmp_path,
        frame(QUIET, 0, LET_IN),
        covered(QUIET, 0),
        frame(LOUD, 0, LET_IN),
        covered(LOUD, 0),
        frame(QUIET, 10, BEAT),
        frame(QUIET, 30_010, BEAT),
        frame(LOUD, 55_000, chat(54_000)),
        now=99_000,
    )
    assert signs.of(QUIET) == AT + 10
    assert signs.of(LOUD) == AT + 54_000
    assert signs.newest == AT + 55_000


def test_a_room_without_a_sign_in_the_tail_went_dark_before_it(tmp_path: Path) -> None:
    signs = read(
        tmp_path,
        frame(QUIET, -TAIL, LET_IN),
        frame(LOUD, 5_000, LET_IN),
        frame(LOUD, TAIL, chat(TAIL)),
        now=2 * TAIL,
    )
    assert signs.of(QUIET) == AT + 5_000


def test_a_room_that_was_blind_already_stays_so_with_its_cause(tmp_path: Path) -> None:
    gone = records.coverage(QUIET, AT + 20, CoverageNote("blind", "unreachable", ""), AT + 30)
    signs = read(tmp_path, frame(QUIET, 0, LET_IN), gone, frame(LOUD, 900, LET_IN), now=1_000)
    assert signs.of(QUIET) == AT + 900


def test_it_never_goes_dark_before_it_was_covered(tmp_path: Path) -> None:
    signs = read(tmp_path, frame(QUIET, 7_000, LET_IN), covered(QUIET, 7_000), now=9_000)
    assert signs.of(QUIET) == AT + 7_000


def test_the_tail_reaches_over_segments(tmp_path: Path) -> None:
    frames = [frame(QUIET, at * 1_000, chat(at * 1_000)) for at in range(60)]
    first = [frame(QUIET, 0, LET_IN), frame(LOUD, 0, LET_IN), frame(LOUD, 1, BEAT), frame(LOUD, 2, BEAT)]
    size = len(chat(0)) * 25
    signs = read(tmp_path, *first, *frames, now=70_000, segment_bytes=size)
    assert signs.of(LOUD) == AT + 1


def test_after_a_clock_was_set_back_the_sites_time_counts(tmp_path: Path) -> None:
    wrong = [frame(QUIET, DAY, LET_IN), frame(QUIET, DAY + 500, chat(400))]
    assert read(tmp_path, *wrong, now=9_000).of(QUIET) == AT + 400


def test_a_clock_that_is_behind_what_the_site_said_before_dates_nothing(tmp_path: Path) -> None:
    right = [frame(QUIET, DAY, LET_IN), frame(QUIET, DAY + 500, chat(DAY + 400))]
    signs = read(tmp_path, *right, now=9_000)
    assert (signs.of(QUIET), signs.proven) == (AT + DAY + 400, AT + DAY + 500)


def test_a_clock_that_was_ahead_before_proves_nothing(tmp_path: Path) -> None:
    wrong = [frame(QUIET, DAY, LET_IN), frame(QUIET, DAY + 500, chat(400))]
    assert read(tmp_path, *wrong, now=9_000).proven == 0


def test_what_a_clock_said_before_it_was_set_back_is_no_sign(tmp_path: Path) -> None:
    ahead = [frame(QUIET, DAY, LET_IN), covered(QUIET, DAY), frame(LOUD, DAY + 1, LET_IN)]
    right = [frame(QUIET, 0, BEAT), frame(QUIET, 30_000, BEAT), frame(LOUD, 40_000, chat(39_000))]
    signs = read(tmp_path, *ahead, *right, now=DAY // 2)
    assert (signs.of(QUIET), signs.of(LOUD)) == (AT, AT + 39_000)
    assert signs.noted == AT + DAY


def test_a_room_without_a_frame_since_the_clock_was_set_back_may_be_dark_as_long_as_the_tail(
    tmp_path: Path,
) -> None:
    ahead = [frame(QUIET, DAY, LET_IN), covered(QUIET, DAY), frame(QUIET, DAY + 1, BEAT)]
    signs = read(tmp_path, *ahead, frame(LOUD, 40_000, chat(39_000)), now=DAY // 2)
    assert signs.of(QUIET) == AT + 40_000 - TAIL


def test_the_site_tells_by_how_much_the_clock_of_the_run_before_was_ahead(tmp_path: Path) -> None:
    wrong = [
        frame(QUIET, DAY, LET_IN),
        frame(QUIET, DAY + 10_000, BEAT),
        frame(QUIET, DAY + 40_000, BEAT),
        frame(LOUD, DAY + 45_000, chat(44_000)),
    ]
    signs = read(tmp_path, *wrong, now=DAY // 2)
    assert (signs.of(QUIET), signs.of(LOUD)) == (AT + 9_000, AT + 44_000)


def test_where_nobody_tells_it_nothing_is_sure_since_the_clock_was_set_ahead(tmp_path: Path) -> None:
    beats = [frame(QUIET, at, BEAT) for at in (0, 30_000, DAY, DAY + 30_000, DAY + 60_000)]
    assert read(tmp_path, *beats, now=DAY // 2).of(QUIET) <= AT + 30_000


def test_notes_go_on_where_those_of_the_run_before_are_numbered_to(tmp_path: Path) -> None:
    by_mark = records.numbered_until(AT + DAY, AT + 5)
    assert read(tmp_path, by_mark, frame(QUIET, 9, BEAT), now=20).noted == AT + DAY


def test_damage_in_the_tail_costs_its_record_only(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        journal.append(frame(QUIET, 0, LET_IN))
        torn = journal.append(frame(QUIET, 10, chat(10)))
        journal.append(frame(QUIET, 20, chat(15)))
        [file] = tmp_path.glob("*.journal")
    data = bytearray(file.read_bytes())
    data[torn] ^= 0xFF
    file.write_bytes(data)
    assert last_signs.read(tmp_path, AT + 20, AT + 99).of(QUIET) == AT + 15


def test_a_gap_that_a_half_open_connection_hid_at_a_kill_is_not_sure(tmp_path: Path) -> None:
    """Two connections: both dead since 62 s, one of them back at 140 s, the other still taken for alive."""
    beats = [frame(QUIET, at * 1_000 + each, BEAT, each) for at in (30, 60) for each in (1, 2)]
    back = [frame(QUIET, 140_000, LET_IN, 4), frame(QUIET, 145_000, chat(144_000), 4)]
    assert read(tmp_path, *beats, *back, now=150_000).of(QUIET) == AT + 30_002


def test_one_connection_that_goes_on_for_another_leaves_no_gap(tmp_path: Path) -> None:
    signs = read(
        tmp_path,
        frame(QUIET, 0, BEAT, 1),
        frame(QUIET, 30_000, BEAT, 1),
        frame(QUIET, 40_000, chat(39_500), 1),
        frame(QUIET, 39_000, LET_IN, 2),
        frame(QUIET, 90_000, chat(89_000), 2),
        now=95_000,
    )
    assert signs.of(QUIET) == AT + 89_000


def test_a_gap_that_was_told_is_none_of_the_next_run(tmp_path: Path) -> None:
    signs = read(
        tmp_path,
        frame(QUIET, 0, BEAT, 1),
        records.coverage(QUIET, AT, CoverageNote("blind", "silence", ""), AT + 30_000),
        frame(QUIET, 60_000, LET_IN, 2),
        covered(QUIET, 60_000),
        frame(QUIET, 90_000, chat(89_000), 2),
        now=95_000,
    )
    assert signs.of(QUIET) == AT + 89_000


def test_a_frame_of_before_a_sleep_makes_nothing_sure_for_the_next_run(tmp_path: Path) -> None:
    beats = [frame(QUIET, at, BEAT) for at in (0, 30_000)]
    woken = frame(QUIET, DAY, chat(31_000))
    assert read(tmp_path, *beats, woken, now=DAY + 500).of(QUIET) == AT + 31_000


def test_rooms_that_were_blind_did_not_go_down_with_the_run(tmp_path: Path) -> None:
    gone = records.coverage(QUIET, AT + 20, CoverageNote("blind", "unreachable", ""), AT + 30)
    signs = read(tmp_path, frame(QUIET, 0, LET_IN), gone, frame(LOUD, 900, LET_IN), now=1_000)
    assert signs.watched == {LOUD}


def test_a_run_before_hides_no_gap_of_the_next_one_whose_connections_have_the_same_numbers(
    tmp_path: Path,
) -> None:
    """Both killed within the tail. Of the second run one connection is half open, the other comes late."""
    before = [frame(QUIET, at * 1_000, BEAT if at else LET_IN, each) for at in range(5) for each in (1, 2)]
    half_open = [frame(QUIET, at * 1_000, BEAT if at > 10 else LET_IN, 2) for at in (10, 11, 12)]
    late = [frame(QUIET, at * 1_000, BEAT if at > 100 else LET_IN, 1) for at in (100, 105, 110, 115)]
    back = [covered(QUIET, 10_000), *half_open, *late]
    for name, written in {"alone": back, "after another": [covered(QUIET, 0), *before, *back]}.items():
        (tmp_path / name).mkdir()
        assert AT + 10_000 <= read(tmp_path / name, *written, now=118_000).of(QUIET) <= AT + 12_000, name
