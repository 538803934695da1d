"""Which streams a room had, and how each edge is known."""

from itertools import chain, pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from live_data.sessions import signs, streams
from live_data.sessions.signs import Sign, What
from live_data.sessions.streams import Stream
from tests.live_data.sessions.made_signs import (
    ANYTHING,
    BASE,
    MINUTE,
    cut_off,
    live,
    off,
    on,
    preparing,
    watched,
)


def _fold(*told: list[Sign]) -> list[Stream]:
    return streams.fold(signs.in_order(chain.from_iterable(told))).streams


def _edges(*told: list[Sign]) -> list[tuple[float, str, float | None, str]]:
    """(begin in minutes, how it is known, end, how) of each."""
    return [
        (
            (stream.begin - BASE) / MINUTE,
            stream.begin_by,
            None if stream.end is None else (stream.end - BASE) / MINUTE,
            stream.end_by,
        )
        for stream in _fold(*told)
    ]


def test_live_said_three_times_and_preparing_make_one_stream_with_both_edges_seen() -> None:
    told = [live(0, "k"), live(0.05, "k"), live(1, "k"), preparing(60)]
    assert _edges(*told) == [(0, "live", 60, "preparing")]
    assert _fold(*told)[0].key == "k"


def test_a_live_without_key_belongs_to_the_running_stream() -> None:
    assert _edges(live(0, "k"), on(20, 0), live(30), preparing(60)) == [(0, "live", 60, "preparing")]


def test_a_live_without_key_long_after_the_last_sign_begins_another_one() -> None:
    told = [live(0, "k"), live(300), preparing(310)]
    assert _edges(*told) == [(0, "live", 0, "last_sign"), (300, "live", 310, "preparing")]


def test_a_key_that_is_told_late_is_the_streams_key() -> None:
    assert _fold(live(0), live(0.1, "k"))[0].key == "k"


def test_another_key_while_on_air_ends_the_stream_before_it_unseen() -> None:
    assert _edges(live(0, "a"), on(5), live(10, "b")) == [(0, "live", 10, "next"), (10, "live", None, "")]


def test_the_end_of_what_was_last_seen_long_before_is_its_last_sign() -> None:
    told = [live(0, "a"), on(20), live(300, "b"), preparing(310)]
    assert _edges(*told) == [(0, "live", 20, "last_sign"), (300, "live", 310, "preparing")]


def test_as_long_as_the_room_was_connected_without_an_end_it_was_on_air() -> None:
    told = [live(0, "a"), watched(45), off(600)]
    assert _edges(*told) == [(0, "live", 45, "last_sign")]


def test_a_collector_that_starts_in_the_middle_takes_the_begin_from_the_site() -> None:
    told = [on(90, since=0), watched(100), preparing(120)]
    assert _edges(*told) == [(0, "live_time", 120, "preparing")]


def test_a_poll_without_a_begin_is_the_first_that_is_known() -> None:
    assert _edges(on(5), on(6), preparing(20)) == [(5, "poll", 20, "preparing")]


def test_a_poll_that_says_off_ends_what_nobody_saw_the_end_of() -> None:
    assert _edges(live(0), on(50, 0), off(60)) == [(0, "live", 60, "off")]


def test_a_preparing_soon_after_a_poll_said_off_is_the_end() -> None:
    assert _edges(live(0), on(50, 0), off(60), preparing(61)) == [(0, "live", 61, "preparing")]


def test_a_preparing_hours_after_a_poll_said_off_is_not() -> None:
    assert _edges(live(0), on(50, 0), off(60), preparing(300)) == [(0, "live", 60, "off")]


def test_a_poll_that_is_late_right_after_the_begin_ends_nothing() -> None:
    assert _edges(live(0), off(1), on(3, 0), preparing(60)) == [(0, "live", 60, "preparing")]


def test_polls_that_flap_right_after_the_end_begin_nothing() -> None:
    assert _edges(live(0), preparing(60), on(61, 0), off(62), on(63, 0)) == [(0, "live", 60, "preparing")]


def test_a_poll_that_goes_on_telling_of_the_ended_stream_is_believed_at_last() -> None:
    told = [live(0, "k"), preparing(60), on(61, 0), on(71, 0)]
    assert _edges(*told) == [(0, "live", 60, "preparing"), (71, "poll", None, "")]


def test_an_end_that_only_a_poll_told_is_taken_back_when_the_same_stream_is_told_of_again() -> None:
    assert _edges(on(5, 0), off(20), on(21, 0), preparing(60)) == [(0, "live_time", 60, "preparing")]


def test_a_stream_that_the_site_says_began_later_is_another_one() -> None:
    told = [live(0, "a"), on(10, 0), on(120, since=100), preparing(130)]
    assert _edges(*told) == [(0, "live", 10, "last_sign"), (100, "live_time", 130, "preparing")]


def test_the_time_that_the_site_gives_for_a_begin_that_was_heard_is_no_other_begin() -> None:
    assert _edges(live(0.5, "k"), on(2, 0), preparing(60)) == [(0, "live", 60, "preparing")]


def test_a_cut_off_ends_it_and_the_preparing_after_it_changes_nothing() -> None:
    assert _edges(live(0), cut_off(30), preparing(30.2)) == [(0, "live", 30, "cut_off")]


def test_a_replay_is_no_stream() -> None:
    assert _edges(preparing(0), off(1), off(11)) == []


def test_polls_of_a_clock_that_was_an_hour_slow_do_not_shorten_what_was_seen() -> None:
    # Really 61 to 121; the site's own messages have the right time.
    told = [live(0, "k"), on(10, 0), on(30, 0), off(1), off(2), preparing(60)]
    assert _edges(*told) == [(0, "live", 60, "preparing")]


def test_a_message_that_claims_to_be_a_day_off_tells_nothing() -> None:
    assert signs.heard("live", "k", BASE, BASE + signs.DAY + 1) == []
    assert signs.heard("live", "k", BASE, BASE) == [Sign(BASE, What.LIVE, "k")]


def test_a_begin_that_the_site_puts_before_there_was_a_site_is_not_told() -> None:
    assert signs.polled(BASE, True, 1) == signs.polled(BASE, True, 0)


@settings(max_examples=60, deadline=None)
@given(ANYTHING, st.randoms())
def test_the_order_of_arrival_decides_nothing(told: list[list[Sign]], chance: Random) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)
    assert _fold(*told) == _fold(*shuffled)


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_streams_of_a_room_never_overlap_and_hold_every_live(told: list[list[Sign]]) -> None:
    found = _fold(*told)
    for stream in found:
        assert stream.end is None or stream.begin <= stream.end
    for before, after in pairwise(found):
        assert before.end is not None
        assert before.end <= after.begin
        assert before.begin < after.begin
    for sign in chain.from_iterable(told):
        if sign.what == What.LIVE:
            assert any(s.begin <= sign.at and (s.end is None or sign.at <= s.end) for s in found)


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_polls_that_are_thinned_out_are_not_missed(told: list[list[Sign]]) -> None:
    every = signs.in_order(chain.from_iterable(told))
    folded = streams.fold(every)
    left = set(every) - set(folded.redundant)
    begins = {sign.since for sign in left if sign.what == What.ON}
    left -= {sign for sign in left if sign.what == What.BEGAN and sign.since not in begins}
    assert streams.fold(signs.in_order(left)).streams == folded.streams


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_from_the_opening_of_any_stream_on_the_same_streams_are_found(told: list[list[Sign]]) -> None:
    every = signs.in_order(chain.from_iterable(told))
    whole = streams.fold(every).streams
    for place, stream in enumerate(whole):
        later = streams.fold([sign for sign in every if sign.at >= stream.begin]).streams
        assert [each[:5] for each in later] == [each[:5] for each in whole[place:]]
