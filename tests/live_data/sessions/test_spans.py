"""Which streams are one session, and what people may correct."""

from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_data.sessions import signs, spans, streams
from live_data.sessions.signs import Sign
from live_data.sessions.spans import BEGIN, END, MERGE, SPLIT, Correction, Part, Refusal, Session
from tests.live_data.sessions.made_signs import ANYTHING, BASE, MINUTE, at, live, off, on, preparing

GRACE = 10 * MINUTE


def _sessions(*told: list[Sign], grace: int = GRACE) -> list[Session]:
    return spans.joined(streams.fold(signs.in_order(chain.from_iterable(told))).streams, grace)


def _times(sessions: list[Session]) -> list[tuple[float, float | None]]:
    return [((s.begin - BASE) / MINUTE, None if s.end is None else (s.end - BASE) / MINUTE) for s in sessions]


TWO = [live(0, "a"), preparing(60), live(120, "b"), preparing(180)]


def _applied(correction: Correction, told: list[list[Sign]] = TWO) -> list[Session]:
    after = spans.apply(_sessions(*told), correction)
    assert not isinstance(after, Refusal)
    return after


def _refused(correction: Correction, told: list[list[Sign]] = TWO) -> Refusal:
    after = spans.apply(_sessions(*told), correction)
    assert isinstance(after, Refusal)
    return after


def test_a_drop_as_long_as_the_grace_time_splits_no_session() -> None:
    [session] = _sessions(live(0, "a"), preparing(60), live(70, "b"), preparing(80))
    assert [(part.begin, part.end) for part in session.parts] == [(at(0), at(60)), (at(70), at(80))]
    assert session.key == "a"


def test_a_longer_one_does() -> None:
    assert _times(_sessions(live(0, "a"), preparing(60), live(70.1, "b"))) == [(0, 60), (70.1, None)]


def test_one_live_key_is_one_session_however_long_the_drop() -> None:
    assert _times(_sessions(live(0, "a"), preparing(60), live(300, "a"), preparing(360))) == [(0, 360)]


def test_a_stream_without_a_key_between_two_of_one_key_is_of_their_session() -> None:
    told = [live(0, "a"), preparing(20), live(25), preparing(40), live(60, "a"), preparing(90)]
    assert _times(_sessions(*told)) == [(0, 90)]


def test_one_begin_that_the_site_tells_is_one_session_too() -> None:
    told = [on(5, 0), preparing(60), on(80, 0), off(90)]
    assert _times(_sessions(*told)) == [(0, 90)]


def test_without_a_grace_time_only_the_key_joins() -> None:
    assert len(_sessions(live(0, "a"), preparing(60), live(61, "b"), grace=0)) == 2


def test_provenance_is_of_each_edge() -> None:
    [session] = _sessions(on(5, 0), preparing(60))
    assert (spans.provenance(session.begin_by), spans.provenance(session.end_by)) == ("inferred", "seen")


def test_a_split_makes_two_that_touch() -> None:
    first, second, _ = _applied(Correction(SPLIT, at(0), at(20)))
    assert _times([first, second]) == [(0, 20), (20, 60)]
    assert (first.opened_at, second.opened_at) == (at(0), at(20))
    assert spans.provenance(first.end_by) == spans.provenance(second.begin_by) == "corrected"
    assert first.parts == (Part(at(0), at(20), "live", "by_hand", "a"),)


@pytest.mark.parametrize("minute", [-1, 0, 60, 90, 500])
def test_a_split_at_or_beyond_an_edge_is_refused(minute: float) -> None:
    assert _refused(Correction(SPLIT, at(0), at(minute))) is Refusal.OUTSIDE


def test_one_that_goes_on_can_be_split() -> None:
    assert _times(_applied(Correction(SPLIT, at(0), at(20)), [live(0)])) == [(0, 20), (20, None)]


def test_two_that_are_merged_keep_the_drop_between_them() -> None:
    [session] = _applied(Correction(MERGE, at(0), at(120)))
    assert (session.opened_at, session.end) == (at(0), at(180))
    assert len(session.parts) == 2


def test_what_was_split_and_is_merged_again_has_no_drop() -> None:
    again = spans.apply(_applied(Correction(SPLIT, at(0), at(20))), Correction(MERGE, at(0), at(20)))
    assert again == _sessions(*TWO)


def test_the_last_one_has_nothing_to_be_merged_with() -> None:
    assert _refused(Correction(MERGE, at(130), at(500))) is Refusal.NOTHING_TO_MERGE


def test_a_moment_off_air_means_no_session() -> None:
    assert _refused(Correction(SPLIT, at(90), at(90))) is Refusal.NO_SESSION


def test_edges_can_be_set_and_keep_the_name_of_the_session() -> None:
    _, second = _applied(Correction(BEGIN, at(120), at(100)))
    assert (second.opened_at, second.begin, second.begin_by) == (at(120), at(100), "by_hand")
    first, _ = _applied(Correction(END, at(0), at(50)))
    assert (first.end, first.end_by, first.parts[-1].end) == (at(50), "by_hand", at(50))


@pytest.mark.parametrize(
    ("correction", "why"),
    [
        (Correction(BEGIN, at(120), at(59)), Refusal.OVERLAPS),
        (Correction(BEGIN, at(120), at(180)), Refusal.NOT_BEFORE_END),
        (Correction(END, at(0), at(121)), Refusal.OVERLAPS),
        (Correction(END, at(0), at(0)), Refusal.NOT_BEFORE_END),
    ],
)
def test_edges_that_do_not_fit_are_refused(correction: Correction, why: Refusal) -> None:
    assert _refused(correction) is why


_MINUTES = st.integers(-5, 65).map(at)
_CORRECTIONS = st.lists(
    st.builds(Correction, st.sampled_from([SPLIT, MERGE, BEGIN, END]), _MINUTES, _MINUTES), max_size=6
)


@settings(max_examples=60, deadline=None)
@given(ANYTHING, _CORRECTIONS)
def test_sessions_never_overlap_whatever_is_corrected(
    told: list[list[Sign]], corrections: list[Correction]
) -> None:
    found = spans.corrected(_sessions(*told), corrections)
    assert len({session.opened_at for session in found}) == len(found)
    for session in found:
        assert session.end is None or session.begin <= session.end
        assert session.parts
        assert session.parts[0].begin >= session.begin
        assert session.parts[-1].end is None or session.end is not None
        assert all(one.end is not None and one.end <= other.begin for one, other in pairwise(session.parts))
    for before, after in pairwise(found):
        assert before.end is not None
        assert before.end <= after.begin


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_from_the_opening_of_any_session_on_the_same_sessions_are_found(told: list[list[Sign]]) -> None:
    every = list(chain.from_iterable(told))
    whole = _sessions(every)
    for place, session in enumerate(whole):
        assert _sessions([sign for sign in every if sign.at >= session.opened_at]) == whole[place:]


def test_a_split_where_a_session_opened_that_began_earlier_by_hand_keeps_both() -> None:
    moved = _applied(Correction(BEGIN, at(0), at(-30)), TWO[:2])
    halves = spans.apply(moved, Correction(SPLIT, at(-30), at(0)))
    assert not isinstance(halves, Refusal)
    assert _times(halves) == [(-30, 0), (0, 60)]
    assert len({half.opened_at for half in halves}) == 2


def test_halves_of_a_split_have_the_keys_of_their_streams() -> None:
    told = [live(0, "a"), preparing(60), live(65, "b"), preparing(90)]
    assert [half.key for half in _applied(Correction(SPLIT, at(0), at(62)), told)] == ["a", "b"]
    assert [half.key for half in _applied(Correction(SPLIT, at(0), at(70)), told)] == ["a", "b"]
    assert [half.key for half in _applied(Correction(SPLIT, at(0), at(30)), told)] == ["a", "a"]


def test_streams_that_began_after_an_end_by_hand_are_a_session_of_their_own() -> None:
    told = [live(0, "a"), preparing(60), live(65, "b"), preparing(90), live(95, "c")]
    ended, later = _applied(Correction(END, at(0), at(50)), told)
    assert _times([ended, later]) == [(0, 50), (65, None)]
    assert (ended.key, later.key, later.opened_at, later.begin_by) == ("a", "b", at(65), "live")
    assert [part.begin for part in later.parts] == [at(65), at(95)]


def test_what_begins_soon_after_an_end_by_hand_is_not_joined_over_it() -> None:
    told = streams.fold(signs.in_order(chain(live(0, "a"), preparing(60), live(65, "a")))).streams
    by_hand = [Correction(END, at(0), at(62))]
    assert _times(spans.joined(told, GRACE, by_hand)) == [(0, 60), (65, None)]
    assert _times(spans.joined(told, GRACE, [Correction(END, at(-90), at(-80))])) == [(0, None)]
