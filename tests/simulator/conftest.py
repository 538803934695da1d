"""Simulators for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.simulator_process import SimulatorProcess


@pytest.fixture
def lively() -> Iterator[SimulatorProcess]:
    """Two rooms, many events, open to guests. Its own to every test: faults change it."""
    with SimulatorProcess("--rooms", "2", "--rate", "400", "--seed", "7") as simulator:
        yield simulator


@pytest.fixture(scope="module")
def quiet() -> Iterator[SimulatorProcess]:
    """Four rooms in which next to nothing happens, for tests that only ask and connect."""
    with SimulatorProcess(
        "--rooms", "4", "--rate", "0.001", "--seed", "7", "--heartbeat-timeout", "1"
    ) as simulator:
        yield simulator
