"""A collector that is stopped while it changes what it watches."""

import asyncio
from pathlib import Path

from tests.collector.watching import watching
from tests.simulator_process import SimulatorProcess


async def test_no_room_is_opened_after_the_stop_began(tmp_path: Path) -> None:
    with SimulatorProcess("--rooms", "2", "--rate", "20", "--seed", "5") as site:
        async with watching(tmp_path, site.url) as running:
            await running.rooms.want([90001])
            await running.until(lambda: running.state(90001) == "degraded")
            changing = asyncio.create_task(running.rooms.want([90002]))
            await asyncio.sleep(0)
            assert len(running.rooms) == 0  # it hangs up the one before it opens the other
            await running.rooms.stop()
            await changing
            assert len(running.rooms) == 0
