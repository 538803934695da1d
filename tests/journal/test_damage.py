"""Whatever lies in a journal's folder: what is intact is read at its place, the rest is told."""

import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal import scan
from journal.errors import JournalError, JournalForeign, JournalUnreadable
from journal.reader import Read, intact_records, read
from journal.record import MAGIC, Record, encode
from journal.segments import journal_name, look, segments
from journal.writer import JournalWriter
from tests.journal.test_journal import record

END = 1 << 40

payloads = st.binary(max_size=60) | st.just(encode(record(0, b"inside"))) | st.just(b"\0\0\1" * 9)
records = st.builds(
    Record,
    kind=st.integers(0, 255),
    received_at=st.integers(1_600_000_000_000, 1_900_000_000_000),
    room_id=st.integers(0, 2**63 - 1),
    connection=st.integers(0, 2**32 - 1),
    payload=payloads,
)
harms = st.one_of(
    st.tuples(st.just("flip"), st.floats(0, 0.999), st.integers(0, 7)),
    st.tuples(st.just("zeros"), st.floats(0, 0.999), st.integers(1, 80)),
    st.tuples(st.just("garbage"), st.floats(0, 0.999), st.binary(min_size=1, max_size=80)),
    st.tuples(st.just("cut"), st.floats(0, 0.999), st.none()),
    st.tuples(st.just("append"), st.just(0.0), st.binary(min_size=1, max_size=80)),
)


def harmed(data: bytearray, harm: tuple[str, float, object]) -> tuple[int, int]:
    """Change the file; the bytes [from, to) that it concerns."""
    kind, place, what = harm
    at = int(place * len(data))
    if kind == "flip":
        data[at] ^= 1 << int(str(what))
        return at, at + 1
    if kind == "cut":
        length = len(data)
        del data[at:]
        return at, length
    if kind == "append":
        assert isinstance(what, bytes)
        data += what
        return len(data), len(data)
    new = bytes(what) if isinstance(what, int) else what
    assert isinstance(new, bytes)
    new = new[: len(data) - at]
    data[at : at + len(new)] = new
    return at, at + len(new)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    written=st.lists(records, min_size=1, max_size=25),
    segment_bytes=st.integers(1, 600),
    harm=st.lists(st.tuples(st.floats(0, 0.999), harms), max_size=3),
)
def test_what_lies_outside_of_damage_is_read_at_its_place(
    written: list[Record], segment_bytes: int, harm: list[tuple[float, tuple[str, float, object]]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with JournalWriter(folder, segment_bytes) as journal:
            ends = [journal.append(each) for each in written]
            files = segments(folder)
        expected = dict(zip(ends, written, strict=True))
        for which, each in harm:
            segment = files[int(which * len(files))]
            data = bytearray(segment.path.read_bytes())
            if not data:
                continue
            start, stop = harmed(data, each)
            segment.path.write_bytes(data)
            offset = segment.base - len(MAGIC)
            for end, lost in list(expected.items()):
                begin = end - len(encode(lost))
                in_file = begin >= segment.base and begin < segment.base + (1 << 30)
                if in_file and begin < stop + offset and start + offset < end:
                    del expected[end]
        found = list(read(folder, 0, ends[-1]))
        assert {item.position: item.record for item in found if item.record}.items() >= expected.items()
        assert found[-1].position == ends[-1]
        positions = [item.position for item in found]
        assert positions == sorted(set(positions))
        assert len(found) <= 2 * len(written) + 1
        with JournalWriter(folder, segment_bytes) as journal:
            end = journal.append(record(1))
            assert list(read(folder, end - len(encode(record(1))), end)) == [Read(record(1), end)]


@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    files=st.dictionaries(
        st.sampled_from([f"{0:020d}.journal", f"{50:020d}.journal", f"{10**19:020d}.journal", "name", "x"]),
        st.binary(max_size=300) | st.binary(max_size=300).map(MAGIC.__add__),
        max_size=4,
    )
)
def test_a_folder_of_anything_is_read_written_or_refused_by_our_errors(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each, data in files.items():
            (folder / each).write_bytes(data)
        foreign = {path: path.read_bytes() for path in look(folder).foreign}
        list(read(folder, 0, END))
        try:
            with JournalWriter(folder) as journal:
                end = journal.append(record(5))
                assert [item.record for item in read(folder, 0, end)][-1] == record(5)
        except JournalError:
            assert "name" in files
        assert {path: path.read_bytes() for path in foreign} == foreign


def test_what_no_journal_wrote_is_named_and_left_alone(tmp_path: Path) -> None:
    with JournalWriter(tmp_path, segment_bytes=100) as journal:
        end = [journal.append(record(number, b"p" * 100)) for number in range(4)][-1]
    strangers: dict[str, Callable[[Path], object]] = {
        "notes.txt": lambda path: path.write_text("hello"),
        "7.journal": lambda path: path.write_bytes(MAGIC),
        "²" * 20 + ".journal": lambda path: path.write_bytes(MAGIC),
        f"{5:020d}.journal": lambda path: path.write_bytes(b"GIF89a" + bytes(500)),
        f"{end:020d}.journal": lambda path: path.write_bytes(b"BLMJRNL2" + bytes(500)),
        f"{77:020d}.journal": lambda path: path.mkdir(),
        f"{end + 1:020d}.journal": lambda path: path.touch(),
        f"{(1 << 63) - 808:020d}.journal": lambda path: path.touch(),
        f"{(1 << 63) - 807:020d}.journal": lambda path: path.write_bytes(MAGIC[:3]),
        f"{(1 << 63) - 806:020d}.journal": lambda path: path.write_bytes(MAGIC),
        "9" * 20 + ".journal": lambda path: path.write_bytes(MAGIC),
    }
    for name, make in strangers.items():
        make(tmp_path / name)
    with JournalWriter(tmp_path, segment_bytes=100) as journal:
        assert {path.name for path in journal.foreign} == set(strangers)
        assert journal.append(record(4)) == end + 2 + len(encode(record(4)))  # two bytes of names are taken
        found = [item.record for item in read(tmp_path, 0, journal.position) if item.record]
        assert [each.received_at for each in found] == [record(number).received_at for number in range(5)]
    assert (tmp_path / f"{end:020d}.journal").read_bytes() == b"BLMJRNL2" + bytes(500)


def test_an_empty_stranger_alone_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    stranger = tmp_path / f"{500:020d}.journal"
    stranger.touch()
    with JournalWriter(tmp_path) as journal:
        assert (journal.position, journal.foreign) == (0, [stranger])
        journal.skip_to(500)  # what SQL has, of a journal that is gone
        assert journal.position == 501
    assert stranger.read_bytes() == b""


def test_a_damaged_magic_costs_no_record(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        end = [journal.append(record(number)) for number in range(3)][-1]
    [segment] = segments(tmp_path)
    segment.path.write_bytes(b"\0" * len(MAGIC) + segment.path.read_bytes()[len(MAGIC) :])
    assert [item.record for item in read(tmp_path, 0, end)] == [record(0), record(1), record(2)]


def test_where_files_overlap_the_intact_one_counts_and_each_record_once(tmp_path: Path) -> None:
    with JournalWriter(tmp_path, segment_bytes=100) as journal:
        ends = [journal.append(record(number, b"p" * 60)) for number in range(6)]
    first, second, *_ = segments(tmp_path)
    (tmp_path / f"{5:020d}.journal").write_bytes(MAGIC + b"\xff" * 900)  # covers all that follows
    (tmp_path / f"{ends[2]:020d}.journal").write_bytes(
        MAGIC + second.path.read_bytes()[len(MAGIC) + ends[2] - second.base :]
    )
    with first.path.open("ab") as file:
        file.write(b"longer than the next one's begin" * 9)
    assert [item.record for item in read(tmp_path, 0, ends[-1])] == [
        record(number, b"p" * 60) for number in range(6)
    ]
    with JournalWriter(tmp_path, segment_bytes=100) as journal:
        taken = max(segment.end for segment in segments(tmp_path))
        assert journal.append(record(9)) > taken - len(encode(record(9)))


def test_a_file_that_is_shorter_than_the_next_ones_begin_leaves_a_gap(tmp_path: Path) -> None:
    with JournalWriter(tmp_path, segment_bytes=100) as journal:
        ends = [journal.append(record(number, b"p" * 60)) for number in range(4)]
    first, second = segments(tmp_path)
    os.truncate(first.path, len(MAGIC) + ends[0] + 10)
    assert list(read(tmp_path, 0, ends[-1])) == [
        Read(record(0, b"p" * 60), ends[0]),
        Read(None, second.base),
        Read(record(2, b"p" * 60), ends[2]),
        Read(record(3, b"p" * 60), ends[3]),
    ]


def test_a_file_that_cannot_be_read_is_an_error_of_ours(tmp_path: Path) -> None:
    """A directory's file descriptor refuses to be read, for root too."""
    with JournalWriter(tmp_path) as journal:
        end = journal.append(record(0))
    [segment] = segments(tmp_path)
    found = [segment]
    segment.path.unlink()
    segment.path.mkdir()
    with pytest.raises(JournalUnreadable, match="cannot be read"):
        list(intact_records(found[0], 0, end))
    not_a_folder = tmp_path / "name"
    with pytest.raises(JournalUnreadable, match="folder"):
        segments(not_a_folder)
    with pytest.raises(JournalError):
        JournalWriter(not_a_folder)


def test_a_name_that_is_none_is_refused_and_an_empty_one_is_made_anew(tmp_path: Path) -> None:
    with JournalWriter(tmp_path):
        pass
    (tmp_path / "name").write_bytes(b"\x80 two words")
    with pytest.raises(JournalForeign, match="holds no name"):
        JournalWriter(tmp_path)
    with pytest.raises(JournalForeign):
        journal_name(tmp_path)
    (tmp_path / "name").write_bytes(b"")
    with JournalWriter(tmp_path) as journal:
        assert journal_name(tmp_path) == journal.name != ""


class Counting(io.BytesIO):
    """A file that knows how much was read of it."""

    total = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.total += len(data)
        return data


@pytest.mark.parametrize(
    "damage",
    [
        bytes(3 << 20),
        b"\xff" * (3 << 20),
        # Each 13 bytes the head of a record of 2 MiB.
        (b"\0\x20\0\0" + b"crc!" + b"\1" + b"\0\0\1\x9a") * (3 << 16),
    ],
)
def test_a_large_damaged_region_is_read_in_linear_time(
    damage: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "_IN_VAIN", 8 << 20)
    data = encode(record(1)) + damage + encode(record(2))
    file = Counting(data)
    found = list(scan.intact(file, 0, len(data)))
    assert [each.record for each in found] == [record(1), record(2)]
    assert file.total < 8 * len(data) + (8 << 20)


def test_a_record_across_windows_of_the_scan_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_WINDOW", 16)
    for garbage in range(1, 60):
        data = b"\0\0\1" * garbage + encode(record(1, b"p" * 50)) + b"\0" * garbage + encode(record(2))
        found = list(scan.intact(io.BytesIO(data), 0, len(data)))
        assert [each.record for each in found] == [record(1, b"p" * 50), record(2)], garbage
