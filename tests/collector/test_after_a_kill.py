"""What a collector says of the rooms that the run before watched until it was killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.last_signs import LastSigns
from tests.collector.watching import watching
from tests.made import AT
from tests.simulator_process import SimulatorProcess

WANTED, UNWANTED = 90001, 90002
SIGNS = LastSigns(
    AT + 60_000, AT, {WANTED: AT + 50_000, UNWANTED: AT + 55_000}, frozenset({WANTED, UNWANTED})
)
NOT_RUNNING = ("blind", "collector was not running")


@pytest.fixture
def site() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "3", "--rate", "20", "--seed", "5") as simulator:
        yield simulator


async def test_a_room_that_cannot_be_looked_up_was_blind_since_the_run_before(tmp_path: Path) -> None:
    async with watching(tmp_path, "http://127.0.0.1:1", signs=SIGNS) as running:
        await running.rooms.want([WANTED])
        assert running.states(WANTED) == [NOT_RUNNING]
        assert running.state(WANTED) == "blind"
        await running.until(lambda: running.book.all()[WANTED].cause == "unreachable")
        await running.rooms.want([WANTED])
        assert running.states(WANTED) == running.states(UNWANTED) == [NOT_RUNNING]  # may be a short id's


async def test_it_is_said_once_and_what_nobody_wants_is_not_watched(
    tmp_path: Path, site: SimulatorProcess
) -> None:
    async with watching(tmp_path, site.url, signs=SIGNS) as running:
        await running.rooms.want([WANTED])
        await running.until(lambda: running.state(WANTED) == "degraded")
        await running.rooms.want([WANTED])
        assert running.states(WANTED) == [NOT_RUNNING, ("blind", "connecting"), ("degraded", "guest")]
        assert running.states(UNWANTED) == [NOT_RUNNING, ("blind", "not watched")]
        assert UNWANTED not in running.book.all()


async def test_a_room_that_is_wanted_later_is_not_said_to_be_down_again(
    tmp_path: Path, site: SimulatorProcess
) -> None:
    async with watching(tmp_path, site.url, signs=SIGNS) as running:
        await running.rooms.want([WANTED, UNWANTED], [UNWANTED])
        await running.until(lambda: running.state(WANTED) == "degraded")
        await running.rooms.want([WANTED, UNWANTED])
        await running.until(lambda: running.state(UNWANTED) == "degraded")
        assert running.states(UNWANTED).count(NOT_RUNNING) == 1
