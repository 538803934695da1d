"""When a room's chat is far below its own rhythm, and when that says nothing."""

import random

import pytest

from collector.rhythm import Beat, Pace, Rhythm

PACE = Pace(window=60.0)


class Played:
    """A rhythm, minute by minute."""

    def __init__(self) -> None:
        self.rhythm = Rhythm(PACE)
        self.now = 0.0
        self.rhythm.look(self.now)

    def minutes(self, *lines: int) -> list[Beat]:
        return [self._minute(number) for number in lines]

    def _minute(self, lines: int) -> Beat:
        self.rhythm.said(lines)
        self.now += 60.0
        return self.rhythm.look(self.now)


def test_two_low_windows_in_a_row_are_starvation() -> None:
    played = Played()
    played.minutes(*[50] * 6)
    assert played.minutes(3, 2) == [Beat.LOW, Beat.STARVED]
    assert played.rhythm.low_since == 360.0


def test_one_low_window_is_a_breath() -> None:
    played = Played()
    played.minutes(*[50] * 6)
    assert played.minutes(0, 50, 0, 50) == [Beat.LOW, Beat.STEADY, Beat.LOW, Beat.STEADY]


def test_low_windows_do_not_become_the_rhythm() -> None:
    played = Played()
    played.minutes(*[50] * 6)
    assert set(played.minutes(*[1] * 50)[1:]) == {Beat.STARVED}
    assert played.rhythm.expected == 50


def test_a_room_that_grows_quiet_slowly_takes_its_rhythm_with_it() -> None:
    played = Played()
    beats = played.minutes(*[round(100 * 0.8**minute) for minute in range(40)])
    assert Beat.LOW not in beats


@pytest.mark.parametrize("lines", [0, 1, 5, 15])
def test_a_quiet_room_never_starves(lines: int) -> None:
    played = Played()
    dice = random.Random(lines)
    beats = played.minutes(*[sum(dice.random() < lines / 500 for _ in range(500)) for _ in range(1_000)])
    assert Beat.STARVED not in beats


def test_chance_does_not_starve_a_room_just_above_the_bound() -> None:
    dice = random.Random(7)
    played = Played()
    beats = played.minutes(*[sum(dice.random() < 0.021 for _ in range(1_000)) for _ in range(2_000)])
    assert Beat.STARVED not in beats


def test_nothing_is_judged_before_the_rhythm_is_known() -> None:
    played = Played()
    assert played.minutes(50, 50, 50, 0, 0) == [*[Beat.STEADY] * 3, Beat.WEAK, Beat.LOW]


def test_the_rhythm_is_back_with_half_of_what_is_expected() -> None:
    played = Played()
    played.minutes(*[50] * 6, 0, 0)
    assert played.minutes(10, 40) == [Beat.WEAK, Beat.STEADY]


def test_a_new_connection_keeps_what_is_expected_and_a_new_stream_does_not() -> None:
    played = Played()
    played.minutes(*[50] * 6, 0)
    played.rhythm.restart()
    played.rhythm.look(played.now)
    assert played.minutes(0, 0) == [Beat.LOW, Beat.STARVED]
    played.rhythm.reset()
    played.rhythm.look(played.now)
    assert played.minutes(0, 0) == [Beat.STEADY, Beat.STEADY]


def test_a_look_that_comes_late_scales_what_it_finds() -> None:
    rhythm = Rhythm(PACE)
    rhythm.look(0.0)
    for minute in range(6):
        rhythm.said(50)
        rhythm.look(60.0 * (minute + 1))
    rhythm.said(50)
    assert rhythm.look(360.0 + 600.0) is Beat.LOW  # fifty lines in ten minutes
