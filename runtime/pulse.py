"""Signs of life of a process to the supervisor that started it: single bytes in its output.

Not in a file, which a full disk would stop, nor by Redis, which may be away: both are times at which the
process is not to be killed. One that is busy for a while beats late; one that hangs does not beat any more.
"""

import asyncio
import os
import sys
from collections.abc import Mapping

BEAT = b"\0"
EVERY = 5.0  #: s between two beats

_ASKED = "SUPERVISOR_WANTS_PULSE"
ENVIRON = {_ASKED: "1"}
"""Of a child that is to beat; whoever runs it in a terminal sees none of it."""


async def beat(environ: Mapping[str, str] = os.environ) -> None:
    """For as long as the caller's loop turns, when the supervisor asked for it."""
    while environ.get(_ASKED):
        os.write(sys.stdout.fileno(), BEAT)
        await asyncio.sleep(EVERY)
