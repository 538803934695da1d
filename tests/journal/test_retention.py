"""What goes and what stays, and when the journal will be full."""

from pathlib import Path

import pytest

from journal.forecast import NEVER, WINDOW, Growth, Pace, Sample, full_in
from journal.retention import DAY, Kept, Limits, Verdict, judge
from journal.segments import segments
from journal.writer import JournalWriter
from tests.journal.test_journal import record

NOW = 1_790_000_000.0
GIB = 1 << 30


def files(*ages: float, size: int = 100) -> list[Kept]:
    """Of ``size`` bytes each, last written so many seconds ago."""
    return [Kept(number * size, (number + 1) * size, NOW - age) for number, age in enumerate(ages)]


@pytest.mark.parametrize(
    ("limits", "committed", "expected"),
    [
        (Limits(seconds=50), 1000, Verdict(2, 200, False)),
        (Limits(seconds=50), 150, Verdict(1, 300, False)),
        (Limits(seconds=50), 99, Verdict(0, 400, False)),
        (Limits(seconds=1), 1000, Verdict(3, 100, False)),
        (Limits(size=300), 1000, Verdict(1, 300, False)),
        (Limits(size=399), 1000, Verdict(1, 300, False)),
        (Limits(size=400), 1000, Verdict(0, 400, False)),
        (Limits(size=1), 1000, Verdict(3, 100, False)),
        (Limits(size=150), 200, Verdict(2, 200, True)),
        (Limits(size=150), 0, Verdict(0, 400, True)),
        (Limits(seconds=50, size=100), 1000, Verdict(3, 100, False)),
        (Limits(), 1000, Verdict(0, 400, False)),
    ],
)
def test_the_oldest_go_by_age_or_size_but_never_before_sql_has_them(
    limits: Limits, committed: int, expected: Verdict
) -> None:
    assert judge(files(100, 60, 40, 0), committed, NOW, limits) == expected


def test_a_clock_that_was_set_back_deletes_nothing() -> None:
    assert judge(files(100, 60, 0), 1000, NOW - DAY, Limits(seconds=50)).drop == 0


def test_an_empty_folder_has_nothing_to_judge() -> None:
    assert judge([], 0, NOW, Limits(1, 1)) == Verdict(0, 0, False)


def test_files_stay_small_enough_to_keep_a_small_size() -> None:
    assert Limits().segment_bytes == Limits(size=5 * GIB).segment_bytes == 64 << 20
    assert Limits(size=GIB // 2).segment_bytes == 32 << 20
    assert Limits(size=1).segment_bytes == 1 << 16


def test_a_size_is_kept_by_a_writer_that_writes_on(tmp_path: Path) -> None:
    limits = Limits(size=1 << 20)
    with JournalWriter(tmp_path, limits.segment_bytes) as journal:
        for number in range(4000):
            journal.append(record(number, bytes(1000)))
            if number % 100 == 0:
                assert journal.tidy(journal.position, limits).size <= limits.size
        assert sum(segment.end - segment.base for segment in segments(tmp_path)) < limits.size * 1.2


def test_how_fast_it_grows_is_known_after_half_a_minute_and_of_the_last_hour() -> None:
    pace = Pace()
    assert pace.growth is None
    pace.add(Sample(0.0, 0, 0))
    pace.add(Sample(29.0, 2900, 0))
    assert pace.growth is None
    pace.add(Sample(100.0, 10_000, 4000))
    assert pace.growth == Growth(written=100.0, waiting=60.0)
    pace.add(Sample(WINDOW + 60.0, 10_000, 10_000))
    assert pace.growth is not None
    assert pace.growth.written == pace.growth.waiting == 0.0


@pytest.mark.parametrize(
    ("growth", "size", "free", "limits", "expected"),
    [
        # SQL keeps up and the disk has room for all that the limits let grow: never.
        (Growth(1000, 0), GIB, 9 * GIB, Limits(3 * DAY, 5 * GIB), NEVER),
        (Growth(1000, 0), GIB, GIB, Limits(3 * DAY, 0), NEVER),
        # The disk ends before the limit does.
        (Growth(1000, 0), GIB, GIB, Limits(0, 5 * GIB), GIB / 1000),
        (Growth(1000, 0), GIB, 9 * GIB, Limits(), 9 * GIB / 1000),
        # SQL takes nothing: nothing may be deleted at the limit, and the journal grows on behind it.
        (Growth(1000, 1000), GIB, 9 * GIB, Limits(0, 5 * GIB), 9 * GIB / 1000),
        (Growth(1000, 1000), 6 * GIB, 9 * GIB, Limits(0, 5 * GIB), 9 * GIB / 1000),
        # Nothing is written.
        (Growth(0, 0), GIB, 0, Limits(0, 5 * GIB), NEVER),
    ],
)
def test_full_is_the_disk_and_never_the_limit(
    growth: Growth, size: int, free: int, *, limits: Limits, expected: float
) -> None:
    assert full_in(growth, size=size, free=free, limits=limits) == expected
