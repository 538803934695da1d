"""A beat never holds up, nor ends, the process whose sign of life it is."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from runtime import pulse


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """A pipe's two ends, to read from and to beat into."""
    reading, writing = os.pipe()
    monkeypatch.setattr(pulse, "EVERY", 0.0)
    yield reading, writing
    os.close(writing)


async def beat_for_a_while(output: int) -> bool:
    """Whether it still beats afterwards."""
    beating = asyncio.create_task(pulse.beat(pulse.ENVIRON, output))
    for _ in range(200):
        await asyncio.sleep(0)
    goes_on = not beating.done()
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    return goes_on


def test_a_full_pipe_is_left_alone(output: tuple[int, int]) -> None:
    reading, writing = output
    os.set_blocking(writing, False)
    filled = 0
    try:
        while True:
            filled += os.write(writing, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writing, True)
    assert asyncio.run(beat_for_a_while(writing))
    assert os.read(reading, filled + 1) == b"x" * filled
    assert asyncio.run(beat_for_a_while(writing))
    assert set(os.read(reading, 4096)) == {0}
    os.close(reading)


def test_without_a_listener_it_ends_in_silence(output: tuple[int, int]) -> None:
    reading, writing = output
    os.close(reading)
    assert not asyncio.run(beat_for_a_while(writing))
