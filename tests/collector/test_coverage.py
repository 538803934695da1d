"""What is known of each room, for the journal and for the pages."""

import pytest

from collector.coverage import GUEST, CoverageBook
from collector.records import CoverageNote
from tests.made import ROOM

LOST = CoverageNote("blind", "connection lost", "code 1006")


class FullDisk:
    """An intake whose journal refuses until there is room again."""

    def __init__(self) -> None:
        self.is_full = False
        self.noted: list[tuple[int, int, str]] = []

    def coverage(self, room_id: int, at: int, note: CoverageNote) -> None:
        if self.is_full:
            raise OSError(28, "No space left on device")
        self.noted.append((room_id, at, note.cause))


@pytest.fixture
def intake() -> FullDisk:
    return FullDisk()


@pytest.fixture
def book(intake: FullDisk) -> CoverageBook:
    return CoverageBook(intake, "c0ffee")


def test_a_state_that_repeats_is_noted_once(book: CoverageBook, intake: FullDisk) -> None:
    book.change(ROOM, GUEST, 10)
    book.change(ROOM, GUEST, 20)
    book.change(ROOM, LOST, 30, retry_at=99)
    assert intake.noted == [(ROOM, 10, "guest"), (ROOM, 30, "connection lost")]
    assert book.all()[ROOM].retry_at == 99


def test_what_a_full_disk_refused_is_noted_later_with_its_own_time(
    book: CoverageBook, intake: FullDisk
) -> None:
    book.change(ROOM, GUEST, 10)
    intake.is_full = True
    book.change(ROOM, LOST, 30)
    with pytest.raises(OSError, match="No space"):
        book.write_late()
    intake.is_full = False
    book.change(ROOM, GUEST, 50)
    assert intake.noted == [(ROOM, 10, "guest"), (ROOM, 30, "connection lost"), (ROOM, 50, "guest")]


def test_a_number_that_may_be_no_room_is_shown_and_not_noted(book: CoverageBook, intake: FullDisk) -> None:
    book.show(4711, CoverageNote("blind", "room does not exist", ""))
    assert intake.noted == []
    assert book.changed()[4711].cause == "room does not exist"
    assert book.changed() == {}


def test_a_room_that_nobody_watched_was_blind_since_then(book: CoverageBook, intake: FullDisk) -> None:
    book.open(ROOM, 5, CoverageNote("blind", "unreachable", ""), 40)
    assert intake.noted == [(ROOM, 5, "collector was not running"), (ROOM, 40, "unreachable")]
    assert book.connected == 0
