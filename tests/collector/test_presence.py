"""When a room that is watched only while it is live is connected, and which repeated answers are news."""

from collector.novelty import Novelty
from collector.presence import STALE_SECONDS, Decision, Sighting, decide
from collector.slow_figures import Rota
from tests.made import ROOM

GRACE = 600.0


def seen(*answers: tuple[float, bool]) -> Sighting:
    sighting = Sighting()
    for now, is_live in answers:
        sighting.answered(ROOM, is_live, now)
    return sighting


def test_before_anybody_asked_nothing_is_decided() -> None:
    assert decide(None, 0, GRACE) is Decision.UNKNOWN
    assert decide(Sighting(), 1e9, GRACE) is Decision.UNKNOWN


def test_a_room_that_is_live_is_connected_and_one_that_is_not_waits() -> None:
    assert decide(seen((10, True)), 20, GRACE) is Decision.CONNECT
    assert decide(seen((10, False)), 20, GRACE) is Decision.WAIT


def test_after_its_end_a_room_stays_connected_for_the_grace() -> None:
    ended = seen((100, True), (130, False), (690, False))
    assert decide(ended, 100 + GRACE - 1, GRACE) is Decision.CONNECT
    assert decide(ended, 100 + GRACE, GRACE) is Decision.WAIT


def test_a_poll_that_flaps_after_the_end_begins_the_grace_anew() -> None:
    flapping = seen((0, True), (500, False), (550, True), (580, False), (1100, False))
    assert decide(flapping, 1149, GRACE) is Decision.CONNECT
    assert decide(flapping, 1150, GRACE) is Decision.WAIT


def test_what_nobody_knows_any_more_is_connected() -> None:
    silent = seen((0, False))
    assert decide(silent, STALE_SECONDS, GRACE) is Decision.WAIT
    assert decide(silent, STALE_SECONDS + 1, GRACE) is Decision.CONNECT


def test_a_room_that_is_missing_from_the_answers_is_connected_to_hear_why() -> None:
    assert decide(Sighting(asked_at=5), 6, GRACE) is Decision.CONNECT


def test_the_same_is_news_again_only_after_a_while() -> None:
    novelty = Novelty(600)
    assert novelty.is_news(ROOM, "a", 0)
    assert novelty.is_news(ROOM, "a", 1)  # it was not written yet
    novelty.kept(ROOM, "a", 1)
    assert not novelty.is_news(ROOM, "a", 600)
    assert novelty.is_news(ROOM, "b", 2)
    assert novelty.is_news(ROOM, "a", 601)
    novelty.forget(ROOM)
    assert novelty.is_news(ROOM, "a", 2)


def test_slow_figures_take_turns_and_live_rooms_more_often() -> None:
    rota, rooms = Rota(100, 600), {1: True, 2: False, 3: True}
    order = []
    for now in range(3):
        room_id = rota.next(rooms, now)
        assert room_id is not None
        rota.asked(room_id, now)
        order.append(room_id)
    assert order == [1, 3, 2]  # live ones first, by number
    assert rota.next(rooms, 99) is None
    assert rota.next(rooms, 100) == 1
    rota.asked(1, 100)
    rota.asked(3, 101)
    assert rota.next({2: False}, 601) is None
    assert rota.next({2: False}, 602) == 2
    rota.keep_only([2])
    assert rota.next({1: True}, 102) == 1  # it left and came back
