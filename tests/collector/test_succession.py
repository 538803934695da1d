"""Which of several collectors on one Redis watches the rooms."""

import pytest

from collector.succession import Silence, watching
from event_store.rooms import CollectorLife

NOW = 1_000_000


def life(age: int, *, waits: bool, started_at: int = 500) -> CollectorLife:
    return CollectorLife(
        at=NOW - age,
        pid=1,
        started_at=started_at,
        rooms=0,
        journal_position=0,
        published_position=0,
        is_waiting=waits,
    )


@pytest.mark.parametrize(
    ("others", "first"),
    [
        ({}, ""),
        ({"a": life(1_000, waits=False)}, "a"),
        ({"a": life(1_000, waits=False, started_at=900)}, "a"),
        ({"a": life(15_001, waits=False)}, ""),
        ({"a": life(-86_400_000, waits=False)}, ""),  # before our clock was set back
        ({"a": life(0, waits=True, started_at=699)}, "a"),
        ({"a": life(0, waits=True, started_at=700)}, "a"),
        ({"z": life(0, waits=True, started_at=700)}, ""),
        ({"a": life(0, waits=True, started_at=701)}, ""),
        ({"a": life(99_000, waits=False), "b": life(0, waits=False)}, "b"),
    ],
)
def test_one_that_watches_goes_first_and_then_the_one_that_waits_longest(
    others: dict[str, CollectorLife], first: str
) -> None:
    silence = Silence()
    silence.of(others, NOW - 3_000, 100.0)
    silent = silence.of(others, NOW, 103.0)
    assert watching(others, silent, started_at=700, name="m") == first


def test_one_that_slept_with_the_machine_is_given_a_moment_to_speak() -> None:
    silence, hour = Silence(), 3_600_000
    slept = {"a": life(500, waits=False)}
    assert silence.of(slept, NOW, 100.0) == set()
    assert silence.of(slept, NOW + hour, 101.0) == set()
    spoke = {"a": life(-hour - 2_000, waits=False)}
    assert silence.of(spoke, NOW + hour + 2_000, 103.0) == set()
    assert silence.of(spoke, NOW + hour + 20_000, 121.0) == {"a"}
