"""Signs of life of a process to the supervisor that started it: single bytes in its output.

Not in a file, which a full disk would stop, nor by Redis, which may be away: both are times at which the
process is not to be killed. One that is busy for a while beats late; one that hangs does not beat any more.
"""

import asyncio
import os
import select
from collections.abc import Mapping

BEAT = b"\0"
EVERY = 5.0  #: s between two beats

_ASKED = "SUPERVISOR_WANTS_PULSE"
_STDOUT = 1
ENVIRON = {_ASKED: "1"}
"""Of a child that is to beat; whoever runs it in a terminal sees none of it."""


async def beat(environ: Mapping[str, str] = os.environ, output: int = _STDOUT) -> None:
    """For as long as the caller's loop turns, when the supervisor asked for it and is there to hear it.

    ``output``: the file descriptor that it reads.
    """
    while environ.get(_ASKED):
        try:
            if _has_room(output):
                os.write(output, BEAT)
        except OSError:  # nobody is there any more: that ends no collector
            return
        await asyncio.sleep(EVERY)


def _has_room(output: int) -> bool:
    """Whether a byte can be written at once: a supervisor that stands still must not stop its children."""
    if not hasattr(select, "poll"):  # Windows, whose pipes do not say it
        return True
    asked = select.poll()
    asked.register(output, select.POLLOUT)
    return bool(asked.poll(0))
