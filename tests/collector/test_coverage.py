"""What is known of each room, for the journal and for the pages."""

import pytest

from collector.coverage import CONNECTING, GUEST, NOT_LIVE, CoverageBook
from collector.records import CoverageNote
from tests.made import ROOM

LOST = CoverageNote("blind", "connection lost", "code 1006")


class Noted:
    """Where changes go."""

    def __init__(self) -> None:
        self.noted: list[tuple[int, int, str]] = []
        self.numbered: list[int] = []

    def coverage(self, room_id: int, at: int, note: CoverageNote) -> None:
        self.noted.append((room_id, at, note.cause))

    def numbered_until(self, noted: int) -> None:
        self.numbered.append(noted)


@pytest.fixture
def intake() -> Noted:
    return Noted()


@pytest.fixture
def book(intake: Noted) -> CoverageBook:
    return CoverageBook(intake, "c0ffee")


def test_a_state_that_repeats_is_noted_once(book: CoverageBook, intake: Noted) -> None:
    book.change(ROOM, GUEST, 10)
    book.change(ROOM, GUEST, 20)
    book.change(ROOM, LOST, 30, retry_at=99)
    assert intake.noted == [(ROOM, 10, "guest"), (ROOM, 30, "connection lost")]
    assert book.all()[ROOM].retry_at == 99


def test_a_number_that_may_be_no_room_is_shown_and_not_noted(book: CoverageBook, intake: Noted) -> None:
    book.show(4711, CoverageNote("blind", "room does not exist", ""))
    assert intake.noted == []
    assert book.changed()[4711].cause == "room does not exist"
    assert book.changed() == {}


def test_a_room_that_nobody_watched_was_blind_since_then(book: CoverageBook, intake: Noted) -> None:
    book.open(ROOM, 5, CoverageNote("blind", "unreachable", ""), 40)
    assert intake.noted == [(ROOM, 5, "collector was not running"), (ROOM, 40, "unreachable")]
    assert book.connected == 0


class Clock:
    """Ours, as somebody sets it."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def test_a_lost_connection_is_blind_since_what_it_surely_brought(intake: Noted) -> None:
    book = CoverageBook(intake, "c0ffee", clock=Clock(90))
    book.change(ROOM, GUEST, 10)
    book.lose(ROOM, LOST, 40)
    assert intake.noted[-1] == (ROOM, 40, "connection lost")
    assert book.all()[ROOM].since == 40
    book.lose(ROOM, CoverageNote("blind", "unreachable", ""), 20)  # it was blind already
    assert intake.noted[-1] == (ROOM, 90, "unreachable")


def test_no_span_begins_before_the_one_before_it(intake: Noted) -> None:
    book = CoverageBook(intake, "c0ffee", clock=Clock(90))
    book.change(ROOM, GUEST, 70)
    book.lose(ROOM, LOST, 40)
    assert intake.noted[-1] == (ROOM, 70, "connection lost")


def test_a_room_is_not_opened_before_what_was_noted_of_it(intake: Noted) -> None:
    book = CoverageBook(intake, "c0ffee", clock=Clock(90))
    book.change(ROOM, NOT_LIVE, 70)
    book.open(ROOM, 0, CONNECTING, 40)
    assert intake.noted[-1] == (ROOM, 70, "connecting")
    assert (book.all()[ROOM].since, book.all()[ROOM].blind_since) == (70, 70)


def test_what_is_noted_later_says_so_also_after_the_clock_was_set_back() -> None:
    noted: list[int] = []

    class Ordered(Noted):
        def coverage(self, room_id: int, at: int, note: CoverageNote) -> None:
            super().coverage(room_id, at, note)
            noted.append(note.noted)

    intake, clock = Ordered(), Clock(1_000)
    book = CoverageBook(intake, "c0ffee", noted_until=5_000, clock=clock)
    book.change(ROOM, GUEST, 1_000)
    clock.now = 100
    book.restate()
    book.lose(ROOM, LOST, 90)
    assert noted == [5_001, 5_002, 5_003]
    assert [at for _, at, _ in intake.noted] == [1_000, 100, 100]


DAY = 86_400_000


def test_what_a_clock_says_that_is_proven_to_be_behind_is_noted_once_it_is_right(intake: Noted) -> None:
    clock = Clock(5_000)
    book = CoverageBook(intake, "c0ffee", DAY, clock, proven=DAY)
    book.went_down(ROOM, DAY - 100)
    book.open(ROOM, DAY - 100, CONNECTING, 5_000)
    book.change(ROOM, GUEST, 6_000)
    book.catch_up()
    assert intake.noted == [(ROOM, DAY - 100, "collector was not running")]
    assert book.all()[ROOM].state == "degraded"
    clock.now = DAY + 9_000
    book.catch_up()
    book.catch_up()
    assert intake.noted[1:] == [(ROOM, DAY + 9_000, "guest")]


def test_what_was_said_while_our_clock_was_behind_is_said_anew_when_it_is_right(intake: Noted) -> None:
    clock = Clock(DAY)
    book = CoverageBook(intake, "c0ffee", clock=clock)
    book.change(ROOM, GUEST, DAY)
    clock.now = 1_000
    book.restate()
    book.catch_up()
    clock.now = DAY + 60_000
    book.catch_up()
    book.catch_up()
    assert [at for _, at, _ in intake.noted] == [DAY, 1_000, DAY + 60_000]


def test_a_room_is_blind_since_the_first_of_several_causes(intake: Noted) -> None:
    book = CoverageBook(intake, "c0ffee", clock=Clock(10))
    book.change(ROOM, CoverageNote("blind", "unreachable", ""), 10)
    book.change(ROOM, LOST, 20)
    assert (book.all()[ROOM].since, book.all()[ROOM].blind_since) == (20, 10)
    book.change(ROOM, GUEST, 30)
    assert book.all()[ROOM].blind_since == 0
    book.change(ROOM, LOST, 40)
    assert book.all()[ROOM].blind_since == 40


def test_a_room_that_waited_until_it_was_live_is_blind_only_since_then(intake: Noted) -> None:
    book = CoverageBook(intake, "c0ffee", clock=Clock(10))
    book.change(ROOM, NOT_LIVE, 10)
    assert book.all()[ROOM].blind_since == 0
    book.change(ROOM, CONNECTING, 50)
    assert book.all()[ROOM].blind_since == 50


def test_while_notes_are_numbered_beyond_our_clock_the_journal_is_told_every_minute(intake: Noted) -> None:
    clock = Clock(DAY)
    book = CoverageBook(intake, "c0ffee", clock=clock)
    book.change(ROOM, GUEST, DAY)
    book.catch_up()
    assert intake.numbered == []
    for clock.now in range(100_000, 190_000, 1_000):
        book.catch_up()
    book.lose(ROOM, LOST, 190_000)
    clock.now = 220_000
    book.catch_up()
    assert intake.numbered == [DAY, DAY, DAY + 1]
    clock.now = 2 * DAY
    book.catch_up()
    assert len(intake.numbered) == 3


def test_rooms_that_are_connected_are_confirmed(intake: Noted) -> None:
    book = CoverageBook(intake, "c0ffee", clock=Clock(90))
    book.change(ROOM, GUEST, 10)
    book.change(ROOM + 1, LOST, 20)
    book.confirm()
    assert intake.noted[2:] == [(ROOM, 90, "guest")]
