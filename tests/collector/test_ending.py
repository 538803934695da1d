"""Tasks end when they are told to, also those that do not hear it the first time."""

import asyncio

from collector.ending import ended


async def test_a_task_that_a_library_makes_deaf_to_the_first_cancellation_ends() -> None:
    heard = 0

    async def deaf() -> None:
        nonlocal heard
        while heard < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard += 1

    async with asyncio.timeout(10):
        task = asyncio.create_task(deaf())
        await asyncio.sleep(0)
        await ended([task])
    assert task.done()
    assert heard == 2
    await ended([])
