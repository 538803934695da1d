"""Dear answers: computed once for all who ask, anew when they are old, in proportion to what they cost."""

import threading
from functools import partial

import pytest

from live_data.queries.remembered import Remembered


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_is_given_again_until_it_is_old() -> None:
    clock = Clock()
    asked: list[float] = []
    remembered: Remembered[int] = Remembered(5, clock)
    for clock.now in (0, 4.9, 5, 9.9, 10):
        remembered.get("key", lambda: asked.append(clock.now) or len(asked))  # type: ignore[func-returns-value]  # counts
    assert asked == [0, 5, 10]


def test_what_took_long_lives_long() -> None:
    clock = Clock()
    remembered: Remembered[float] = Remembered(1, clock)

    def slow() -> float:
        clock.now += 2
        return clock.now

    assert remembered.get("key", slow) == 2
    clock.now = 41.9
    assert remembered.get("key", slow) == 2
    clock.now = 42
    assert remembered.get("key", slow) == 44


def test_keys_are_kept_apart_and_bounded() -> None:
    remembered: Remembered[int] = Remembered(100, Clock())
    for key in range(1000):
        assert remembered.get(key, partial(int, key)) == key
    assert len(remembered._kept) <= 64


def test_a_failure_is_not_remembered() -> None:
    remembered: Remembered[int] = Remembered(100, Clock())

    def fail() -> int:
        raise ValueError("no answer")

    with pytest.raises(ValueError, match="no answer"):
        remembered.get("key", fail)
    assert remembered.get("key", lambda: 1) == 1


def test_many_who_ask_at_once_share_one_computation() -> None:
    remembered: Remembered[int] = Remembered(100)
    entered, leave, computed = threading.Event(), threading.Event(), []

    def slow() -> int:
        entered.set()
        leave.wait(10)
        computed.append(1)
        return 7

    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(remembered.get("key", slow))) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert entered.wait(10)
    leave.set()
    for thread in threads:
        thread.join(10)
    assert (answers, computed) == ([7] * 5, [1])
