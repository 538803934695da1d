from concurrent.futures import ThreadPoolExecutor

from bilibili_live.turns import EndpointTurns, Turns


def test_turns_are_an_interval_apart_in_order_of_asking() -> None:
    turns = Turns(1.0)
    assert [turns.take(100.0), turns.take(100.0), turns.take(100.25)] == [0.0, 1.0, 1.75]


def test_who_comes_late_does_not_wait_and_saves_nothing_up() -> None:
    turns = Turns(1.0)
    turns.take(0.0)
    assert [turns.take(50.0), turns.take(50.0)] == [0.0, 1.0]


def test_without_an_interval_nobody_waits() -> None:
    turns = Turns(0.0)
    assert [turns.take(5.0), turns.take(5.0)] == [0.0, 0.0]


def test_each_endpoint_has_turns_of_its_own_from_every_thread() -> None:
    turns = EndpointTurns(1.0)
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda number: turns.take("ab"[number % 2], 100.0), range(100)))
    assert sorted(waits[::2]) == sorted(waits[1::2]) == [float(number) for number in range(50)]
