"""The end of tasks. Knows not what they do."""

import asyncio
from collections.abc import Iterable

_PATIENCE = 0.1  # s


async def ended(tasks: Iterable[asyncio.Task[object]]) -> None:
    """Cancel the tasks until all of them have ended; what they raise stays with them.

    Once is not enough: below Python 3.12 ``asyncio.wait_for``, through which the Redis client sends,
    swallows a cancellation that comes in the moment in which it is done.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_PATIENCE)
