"""Which of several collectors on one Redis watches the rooms."""

import pytest

from collector.succession import watching
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
    assert watching(others, NOW, started_at=700, name="m") == first
