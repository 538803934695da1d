"""`python -m tests.runtime.supervising LOGS_DIR CHILDREN`: the supervisor as a process, for signals.

What it says of its children is in processes.json beside LOGS_DIR.
CHILDREN is JSON: a list of [name, Python code, file that the child makes when it is ready or "", once], and
perhaps the longest silence of one that beats.
"""

import asyncio
import json
import sys
from pathlib import Path

from runtime import pulse, supervisor
from runtime.process_states import StateFile
from runtime.setting_values import ROOT
from runtime.supervisor import Child

supervisor.FIRST_PAUSE = 0.01
supervisor.MOST_GRACE = 0.3


def _child(name: str, code: str, ready_file: str, once: bool, longest_silence: float = 0.0) -> Child:
    async def ready() -> bool:
        return not ready_file or Path(ready_file).exists()  # noqa: ASYNC240 - one look

    environ = pulse.ENVIRON if longest_silence else {}
    return Child(name, (sys.executable, "-c", code), ROOT, environ, ready, once, longest_silence)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    logs_dir = Path(sys.argv[1])
    states = StateFile(logs_dir.parent / "processes.json")
    children = [_child(*each) for each in json.loads(sys.argv[2])]
    asyncio.run(supervisor.supervise(children, logs_dir, _say, states.note, lambda: _say("started")))
    _say("ended")
