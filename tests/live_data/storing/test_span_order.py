"""Which of a room's notes are believed when a clock was set, and where their spans end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_data.storing import span_order
from live_data.storing.span_order import SLACK, Note

HOUR = 3_600_000
SECOND = 1_000


def covered(hours: float, seconds: float = 0) -> Note:
    return Note(round(hours * HOUR + seconds * SECOND), is_blind=False)


def blind(hours: float, seconds: float = 0) -> Note:
    return Note(round(hours * HOUR + seconds * SECOND), is_blind=True)


def told(notes: list[Note]) -> list[Note]:
    """Those that last, in the order of their begins."""
    ends = span_order.ends(notes)
    return sorted(note for note, end in zip(notes, ends, strict=True) if end is None or end > note.begin)


#: Two days with a clock that is right, and on from then.
DAYS = [covered(0), blind(7), covered(7.1), blind(20), covered(20.5), blind(43), covered(43.1)]
ON = [blind(48.1), covered(48.2), blind(50), covered(50.1)]
LATER = [blind(60), covered(60.1), blind(80), covered(80.1), blind(100), covered(100.1)]
AHEAD = [blind(72), covered(72, 3), covered(72, 90)]
BEHIND = [blind(1), blind(1, 1), covered(1, 3)]


@pytest.mark.parametrize("later", [[], LATER])
@pytest.mark.parametrize("wrong", [[], BEHIND, AHEAD, AHEAD + BEHIND, BEHIND + AHEAD, AHEAD + BEHIND + AHEAD])
def test_a_wrong_clock_takes_nothing_from_the_days_of_a_right_one(
    wrong: list[Note], later: list[Note]
) -> None:
    assert told([*DAYS, *wrong, *ON, *later]) == [*DAYS, *ON, *later]


def test_no_wrong_span_lasts_longer_than_it_begins() -> None:
    notes = [*DAYS, *BEHIND, *ON]
    ends = dict(zip(notes, span_order.ends(notes), strict=True))
    assert [ends[note] for note in BEHIND] == [note.begin for note in BEHIND]
    assert ends[DAYS[-1]] == ON[0].begin


def test_the_newest_note_is_believed_until_it_turns_out_to_be_wrong() -> None:
    assert told([*DAYS, *AHEAD, ON[0]]) == [*DAYS, ON[0]]
    assert told([*DAYS, BEHIND[0]])[-1] == BEHIND[0]


def test_a_lost_connection_shortens_the_span_that_it_reaches_back_into() -> None:
    assert span_order.ends([covered(0), covered(5), blind(5, -100)]) == [
        5 * HOUR - 100 * SECOND,
        5 * HOUR,
        None,
    ]


def test_where_little_is_told_blind_is_not_replaced_by_connected() -> None:
    """Nothing tells here which of two clocks was wrong."""
    assert blind(30) in told([covered(0), blind(30), covered(10), covered(50)])
    assert blind(10) in told([covered(0), covered(30), blind(10), covered(50)])


def test_small_steps_of_a_clock_blur_no_more_than_themselves() -> None:
    steps = [covered(0), blind(1), covered(1, -90), blind(2), covered(2, -10)]
    ends = span_order.ends(steps)
    assert ends == [HOUR - 90 * SECOND, HOUR, 2 * HOUR - 10 * SECOND, 2 * HOUR, None]


BEGINS = st.integers(0, 40).map(lambda number: number * SLACK // 2)


@given(st.lists(BEGINS, max_size=12).map(sorted), st.data())
def test_what_contradicts_nothing_is_believed(begins: list[int], data: st.DataObject) -> None:
    notes = [Note(max(0, begin - data.draw(st.integers(0, SLACK))), is_blind=True) for begin in begins]
    in_order = [note for note, later in zip(notes, begins, strict=True) if note.begin >= later - SLACK]
    ends = span_order.ends(in_order)
    for index, (note, end) in enumerate(zip(in_order, ends, strict=True)):
        behind = [other.begin for other in in_order[index + 1 :]]
        assert end == (max(note.begin, min(behind)) if behind else None)


@given(st.lists(st.tuples(BEGINS, st.booleans()).map(lambda drawn: Note(*drawn)), max_size=15))
def test_believed_spans_lie_side_by_side(notes: list[Note]) -> None:
    ends = span_order.ends(notes)
    assert [end for end in ends if end is None] == [None] * bool(notes)
    lasting = sorted(
        (note.begin, end)
        for note, end in zip(notes, ends, strict=True)
        if end is not None and end > note.begin
    )
    assert all(end <= begin for (_, end), (begin, _) in pairwise(lasting))
