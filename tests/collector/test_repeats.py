"""What two connections to one room both bring."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bilibili_live.events import AnyEvent, Decoded, Tally
from collector.repeats import Repeats
from tests.made import AT, danmaku, gauge

ONE, OTHER, AFTER = 1, 2, 3  # numbers of connections


def told(repeats: Repeats, connection: int, *events: AnyEvent, at: int = AT, samples: bool = True) -> Decoded:
    return repeats.without(Decoded(events=list(events)), connection, at, with_samples=samples)


def test_what_the_other_connection_brought_is_dropped_with_a_count() -> None:
    repeats = Repeats()
    assert told(repeats, ONE, danmaku(1), danmaku(2)).events == [danmaku(1), danmaku(2)]
    again = told(repeats, OTHER, danmaku(2), danmaku(3), danmaku(1))
    assert again.events == [danmaku(3)]
    assert again.tally == Tally(repeated=2)


def test_what_else_a_frame_held_stays_in_its_tally() -> None:
    repeats = Repeats()
    told(repeats, ONE, danmaku(1))
    frame = Decoded(events=[danmaku(1)], tally=Tally(ignored={"NOTICE_MSG": 1}))
    assert repeats.without(frame, OTHER, AT, with_samples=True).tally == Tally(
        ignored={"NOTICE_MSG": 1}, repeated=1
    )


def test_what_one_connection_is_told_twice_is_told_twice() -> None:
    repeats = Repeats()
    assert len(told(repeats, ONE, danmaku(1), danmaku(1)).events) == 2
    assert told(repeats, OTHER, danmaku(1), danmaku(1)).tally.repeated == 2
    assert len(told(repeats, OTHER, danmaku(1)).events) == 1


def test_a_line_of_a_masked_person_is_told_again_when_the_other_connection_names_it() -> None:
    repeats = Repeats()
    masked, named = danmaku(1, uid=None, username="观***"), danmaku(1)
    assert told(repeats, ONE, masked).events == [masked]
    assert told(repeats, OTHER, named).events == [named]
    assert told(repeats, AFTER, named).tally.repeated == 1


def test_a_mask_of_somebody_who_was_named_is_dropped() -> None:
    repeats = Repeats()
    told(repeats, ONE, danmaku(1))
    assert told(repeats, OTHER, danmaku(1, uid=None, username="观***")) == Decoded(tally=Tally(repeated=1))


def test_figures_of_the_moment_come_from_one_connection() -> None:
    repeats = Repeats()
    assert told(repeats, ONE, gauge(1, 5)).events == [gauge(1, 5)]
    assert told(repeats, OTHER, gauge(1, 5), samples=False) == Decoded(tally=Tally(repeated=1))


def test_it_forgets_the_oldest_beyond_its_bound_and_what_is_old() -> None:
    repeats = Repeats(most=2)
    told(repeats, ONE, danmaku(1), danmaku(2), danmaku(3))
    assert told(repeats, OTHER, danmaku(1), danmaku(3)).events == [danmaku(1)]
    assert told(Repeats(), ONE, danmaku(1)).events
    later = Repeats()
    told(later, ONE, danmaku(1))
    assert told(later, OTHER, danmaku(1), at=AT + 61_000).events == [danmaku(1)]


@given(st.lists(st.tuples(st.sampled_from([ONE, OTHER]), st.integers(1, 5)), max_size=60))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_each_event_is_told_as_often_as_the_connection_that_had_it_most(
    arrivals: list[tuple[int, int]],
) -> None:
    repeats = Repeats()
    published = [
        event
        for connection, number in arrivals
        for event in told(repeats, connection, danmaku(number)).events
    ]
    for number in range(1, 6):
        most = max(arrivals.count((connection, number)) for connection in (ONE, OTHER))
        assert published.count(danmaku(number)) == most
