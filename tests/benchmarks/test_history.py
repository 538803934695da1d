"""The made-up history: the same for the same seed, and of the shape that it says it has."""

from collections import Counter
from itertools import islice, pairwise

import pytest

from benchmarks.chat_texts import STANDING, characters
from benchmarks.happenings import MIX
from benchmarks.history import BIGGEST_SHARE, END, HOUR, ROOMS, History
from benchmarks.searched import FREQUENT, LENGTHS, RARE, sought
from bilibili_live.events import AnyEvent, Danmaku, RoomInfo

KINDS = {
    "danmaku": "danmaku",
    "gift": "gift",
    "interaction": "interaction",
    "super_chat": "super chat",
    "guard": "guard",
}


@pytest.fixture(scope="module")
def history() -> History:
    return History()


@pytest.fixture(scope="module")
def past(history: History) -> list[AnyEvent]:
    return list(history.past(40_000))


def test_the_same_seed_gives_the_same_events(past: list[AnyEvent]) -> None:
    assert list(History().past(40_000)) == past
    assert list(islice(History(seed=2).past(1_000), 1_000)) != past[:1_000]


def test_a_shorter_past_is_the_end_of_a_longer_one(history: History, past: list[AnyEvent]) -> None:
    shorter = [event for event in history.past(4_000) if event.kind in KINDS]
    assert 4_000 <= len(shorter) < 4_100
    assert shorter == [event for event in past if event.kind in KINDS][-len(shorter) :]


def test_it_ends_where_what_follows_begins(history: History, past: list[AnyEvent]) -> None:
    assert max(event.at for event in past) < END
    following = list(islice(history.following(), 2_000))
    assert all(END - HOUR < event.at < END + HOUR for event in following)
    assert not {event.event_id for event in following} & {event.event_id for event in past}


def test_every_event_has_an_id_of_its_own_and_they_come_in_the_order_of_time(past: list[AnyEvent]) -> None:
    kept = [event for event in past if not isinstance(event, RoomInfo)]
    assert len({event.event_id for event in kept}) == len(kept)
    danmaku = [event.at for event in kept if isinstance(event, Danmaku)]
    assert all(one <= next_one for one, next_one in pairwise(danmaku))


def test_events_come_in_the_shares_that_are_said(past: list[AnyEvent]) -> None:
    kinds = Counter(KINDS[event.kind] for event in past if event.kind in KINDS)
    assert sum(MIX.values()) == pytest.approx(100)
    for kind, share in MIX.items():
        # A guard is told of twice.
        expected = share * 2 if kind == "guard" else share
        assert kinds[kind] / kinds.total() * 100 == pytest.approx(expected, abs=0.5), kind


def test_rooms_have_the_sizes_of_zipfs_law(history: History) -> None:
    shares = [room.share for room in history.rooms]
    assert len({room.room_id for room in history.rooms}) == ROOMS
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == pytest.approx(BIGGEST_SHARE, abs=0.0002)
    assert sum(shares) == pytest.approx(1)


def test_the_evening_is_loud_and_the_early_morning_is_not(history: History) -> None:
    # END is at nine in the evening.
    evening, morning = (sum(1 for _ in history.hour(hour)) for hour in (-1, -16))
    assert evening > 10 * morning


def test_lines_are_as_long_as_real_ones_and_the_standing_ones_come_again(past: list[AnyEvent]) -> None:
    texts = Counter(event.message for event in past if isinstance(event, Danmaku))
    average = sum(len(text) * count for text, count in texts.items()) / texts.total()
    assert 4 < average < 9
    assert 0.15 < sum(texts[text] for text in STANDING) / texts.total() < 0.3
    assert texts["哈哈哈"] > texts.total() / 50
    assert len(characters()) == 3_755


def test_words_are_sought_of_each_length_and_sort_with_and_without_filters(
    history: History, past: list[AnyEvent]
) -> None:
    questions, places = sought(history, each=2)
    assert {(len(each.word), each.sort) for each in questions} == {
        (length, sort) for length in LENGTHS for sort in (FREQUENT, RARE)
    }
    plain = [each for each in questions if not each.is_filtered]
    assert len(plain) == len(LENGTHS) * 2 * 2 < len(questions)
    texts = [event.message for event in past if isinstance(event, Danmaku)]
    hits = {each.word: sum(each.word in text for text in texts) for each in plain if each.sort == FREQUENT}
    assert min(hits.values()) > 20
    assert places.room_id == history.rooms[0].room_id
    assert any(getattr(event, "uid", None) == places.uid for event in history.past(60_000))
