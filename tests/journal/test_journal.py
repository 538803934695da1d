"""The journal against real files: what it returns from append() survives, damage stays where it is."""

import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from journal.errors import JournalBusy, JournalRefused, RecordTooLong
from journal.reader import first_position, read
from journal.record import MAGIC, MAX_BODY, Record
from journal.retention import Limits
from journal.segments import segments
from journal.writer import JournalWriter

ALL = Limits(size=1)  #: what is to go when SQL has it


def record(number: int, payload: bytes = b"x") -> Record:
    return Record(
        kind=1, received_at=1_700_000_000_000 + number, room_id=90001, connection=7, payload=payload
    )


def filled(folder: Path, numbers: range, segment_bytes: int = 1 << 20) -> int:
    with JournalWriter(folder, segment_bytes) as journal:
        for number in numbers:
            journal.append(record(number, b"p" * number))
        return journal.position


def records(folder: Path, start: int, stop: int) -> list[Record | None]:
    return [item.record for item in read(folder, start, stop)]


def received(folder: Path, stop: int) -> list[int]:
    return [found.received_at for found in records(folder, 0, stop) if found]


def test_what_was_appended_is_read_back_in_order(tmp_path: Path) -> None:
    end = filled(tmp_path, range(100))
    assert records(tmp_path, 0, end) == [record(number, b"p" * number) for number in range(100)]


def test_positions_lead_back_to_the_record_that_follows(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        positions = [journal.append(record(number)) for number in range(5)]
        assert records(tmp_path, positions[2], journal.position) == [record(3), record(4)]
        assert records(tmp_path, positions[1], positions[2]) == [record(2)]


def test_it_goes_on_where_it_was_after_a_restart_and_keeps_its_name(tmp_path: Path) -> None:
    end = filled(tmp_path, range(3))
    with JournalWriter(tmp_path) as journal:
        assert journal.position == end
        assert journal.last_received_at == record(2).received_at
        name = journal.name
        assert records(tmp_path, end, journal.append(record(9))) == [record(9)]
    with JournalWriter(tmp_path) as journal:
        assert journal.name == name


def test_what_no_reader_would_take_for_a_record_is_not_written(tmp_path: Path) -> None:
    longest = MAX_BODY - 21
    with JournalWriter(tmp_path) as journal:
        end = journal.append(record(0, bytes(longest)))
        with pytest.raises(RecordTooLong, match="a record of kind 1 has"):
            journal.append(record(1, bytes(longest + 1)))
        assert journal.position == end
        journal.append(record(2))
        assert received(tmp_path, journal.position) == [record(0).received_at, record(2).received_at]


@pytest.mark.parametrize("lost", [1, 5, 8, 20])
def test_a_torn_tail_is_cut_off_at_start(tmp_path: Path, lost: int) -> None:
    end = filled(tmp_path, range(10))
    [segment] = segments(tmp_path)
    with segment.path.open("r+b") as file:
        file.truncate(len(MAGIC) + end - lost)
    with JournalWriter(tmp_path) as journal:
        assert journal.cut_off > 0
        journal.append(record(77))
        assert records(tmp_path, 0, journal.position) == [
            *(record(number, b"p" * number) for number in range(9)),
            record(77),
        ]


def test_a_tail_of_zeros_as_a_power_cut_leaves_it_is_cut_off(tmp_path: Path) -> None:
    end = filled(tmp_path, range(10))
    [segment] = segments(tmp_path)
    with segment.path.open("ab") as file:
        file.write(bytes(4096))
    with JournalWriter(tmp_path) as journal:
        assert (journal.position, journal.cut_off) == (end, 4096)


def test_a_file_without_even_its_magic_is_begun_anew(tmp_path: Path) -> None:
    with JournalWriter(tmp_path):
        pass
    [segment] = segments(tmp_path)
    segment.path.write_bytes(MAGIC[:3])
    with JournalWriter(tmp_path) as journal:
        journal.append(record(1))
        assert records(tmp_path, 0, journal.position) == [record(1)]


@pytest.mark.parametrize("written", range(len(MAGIC)))
def test_a_crash_right_after_a_segment_was_created_costs_nothing(tmp_path: Path, written: int) -> None:
    end = filled(tmp_path, range(10), segment_bytes=300)
    newest = tmp_path / f"{end:020d}.journal"
    newest.write_bytes(MAGIC[:written])
    with JournalWriter(tmp_path, segment_bytes=300) as journal:
        assert (journal.position, journal.foreign, journal.cut_off) == (end, [], 0)
        assert journal.last_received_at == record(9).received_at
        assert records(tmp_path, end, journal.append(record(10))) == [record(10)]
    assert segments(tmp_path)[-1].path == newest


def test_damage_in_the_middle_costs_one_record_and_is_told(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        behind_first = journal.append(record(0))
        journal.append(record(1, b"precious"))
        end = journal.append(record(2))
    [segment] = segments(tmp_path)
    data = bytearray(segment.path.read_bytes())
    data[data.index(b"precious")] ^= 1
    segment.path.write_bytes(data)
    assert records(tmp_path, 0, end) == [record(0), None, record(2)]
    assert records(tmp_path, behind_first, end) == [None, record(2)]


def test_a_damaged_length_costs_one_record_too(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        behind_first = journal.append(record(0))
        behind_second = journal.append(record(1))
        end = journal.append(record(2))
    [segment] = segments(tmp_path)
    data = bytearray(segment.path.read_bytes())
    data[len(MAGIC) + behind_first : len(MAGIC) + behind_first + 4] = b"\xff\xff\xff\xff"
    segment.path.write_bytes(data)
    assert [(item.record, item.position) for item in read(tmp_path, 0, end)] == [
        (record(0), behind_first),
        (None, behind_second),
        (record(2), end),
    ]


def test_damage_in_a_segment_that_has_grown_beyond_the_stop_is_told(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        journal.append(record(0))
        stop = journal.append(record(1))
        journal.append(record(2))
        [segment] = segments(tmp_path)
        data = bytearray(segment.path.read_bytes())
        data[len(MAGIC) : len(MAGIC) + 4] = b"\xff\xff\xff\xff"
        segment.path.write_bytes(data)
        assert records(tmp_path, 0, stop) == [None, record(1)]


def test_a_restart_keeps_what_is_intact_behind_damage(tmp_path: Path) -> None:
    end = filled(tmp_path, range(20))
    [segment] = segments(tmp_path)
    data = bytearray(segment.path.read_bytes())
    data[len(MAGIC) : len(MAGIC) + 4] = b"\xff\xff\xff\xff"
    segment.path.write_bytes(data)
    with JournalWriter(tmp_path) as journal:
        assert (journal.position, journal.cut_off) == (end, 0)
        assert len(received(tmp_path, end)) == 19


def test_an_empty_newest_segment_does_not_hide_when_the_last_record_came(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        journal.append(record(5))
        journal.skip_to(1000)
    with JournalWriter(tmp_path) as journal:
        assert journal.last_received_at == record(5).received_at


def test_segments_follow_each_other_without_a_gap(tmp_path: Path) -> None:
    end = filled(tmp_path, range(60), segment_bytes=300)
    found = segments(tmp_path)
    assert len(found) > 5
    assert [segment.end for segment in found[:-1]] == [segment.base for segment in found[1:]]
    assert records(tmp_path, 0, end) == [record(number, b"p" * number) for number in range(60)]


def test_only_old_segments_wholly_behind_the_position_are_dropped(tmp_path: Path) -> None:
    with JournalWriter(tmp_path, segment_bytes=300) as journal:
        for number in range(60):
            journal.append(record(number, b"p" * 50))
        third = segments(tmp_path)[2]
        assert journal.tidy(third.base + 1, Limits(seconds=3600)).drop == 0
        assert journal.tidy(third.base + 1, ALL).drop == 2
        assert first_position(tmp_path) == journal.first == third.base
        assert journal.tidy(journal.position + 99, ALL).drop > 0
        assert [segment.end for segment in segments(tmp_path)] == [journal.position]


def test_what_retention_took_is_read_as_a_gap_and_not_passed_over(tmp_path: Path) -> None:
    with JournalWriter(tmp_path, segment_bytes=300) as journal:
        for number in range(30):
            journal.append(record(number, b"p" * 50))
        journal.tidy(segments(tmp_path)[3].base, ALL)
        first, *rest = read(tmp_path, 0, journal.position)
        assert (first.record, first.position) == (None, journal.first)
        assert all(item.record for item in rest)


def test_a_position_can_be_skipped_to_and_the_gap_is_read_as_one(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        journal.append(record(1))
        journal.skip_to(10_000)
        end = journal.append(record(2))
        assert records(tmp_path, 0, end) == [record(1), None, record(2)]
        journal.skip_to(5)
        assert journal.position == end


def test_two_writers_of_one_journal_are_refused(tmp_path: Path) -> None:
    with JournalWriter(tmp_path), pytest.raises(JournalBusy, match="another collector"):
        JournalWriter(tmp_path)
    with JournalWriter(tmp_path):
        pass


def test_what_a_killed_process_appended_is_there(tmp_path: Path) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from journal.record import Record
from journal.writer import JournalWriter

journal = JournalWriter(Path(sys.argv[1]))
for number in range(1000):
    journal.append(Record(1, number, 2, 3, b"frame"))
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    with JournalWriter(tmp_path) as journal:
        assert journal.cut_off == 0
        assert received(tmp_path, journal.position) == list(range(1000))


def test_a_full_disk_is_told_and_leaves_the_journal_whole(tmp_path: Path) -> None:
    program = """
import resource, signal, sys
from pathlib import Path
from journal.record import Record
from journal.writer import JournalWriter

journal = JournalWriter(Path(sys.argv[1]))
journal.append(Record(1, 1, 2, 3, b"before"))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    journal.append(Record(1, 2, 2, 3, b"too long" * 1000))
    sys.exit("the disk was not full")
except OSError:
    journal.append(Record(1, 3, 2, 3, b"after"))
"""
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    with JournalWriter(tmp_path) as journal:
        assert received(tmp_path, journal.position) == [1, 3]


def test_a_disk_that_is_full_when_a_segment_begins_leaves_the_old_one_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with JournalWriter(tmp_path, segment_bytes=100) as journal:
        journal.append(record(1, b"p" * 100))

        def refuse(path: Path, data: bytes) -> int:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as full:
            full.setattr(Path, "write_bytes", refuse)
            with pytest.raises(OSError, match="No space"):
                journal.append(record(2))
        journal.append(record(3))
        journal.append(record(4))
        assert received(tmp_path, journal.position) == [record(number).received_at for number in (1, 3, 4)]


def test_a_flush_beside_a_roll_is_no_error(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path)
    journal.append(record(1))
    journal.close()
    journal.flush_to_disk()


class Stubborn:
    """A file that takes a part of a write, and does not let it be taken back at first."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.refusals = 2

    def write(self, data: bytes) -> int:
        if self.refusals:
            if len(data) > 10:
                return self._file.write(data[:10])
            raise OSError(28, "No space left on device")
        return self._file.write(data)

    def truncate(self, size: int) -> int:
        if self.refusals:
            self.refusals -= 1
            raise OSError(5, "Input/output error")
        return self._file.truncate(size)


def test_a_part_of_a_record_that_could_not_be_taken_back_is_before_anything_else_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with JournalWriter(tmp_path) as journal:
        begin = journal.append(record(0))
        with monkeypatch.context() as broken:
            broken.setattr(journal, "_file", Stubborn(journal._file))
            with pytest.raises(JournalRefused, match="No space"):
                journal.append(Record(1, 1, 2, 3, bytes(10 - 29 + 10 + 9)))
            with pytest.raises(JournalRefused, match="Input/output"):
                journal.append(record(1))
            assert journal.position == begin
            end = journal.append(record(2))
        assert records(tmp_path, 0, end) == [record(0), record(2)]
