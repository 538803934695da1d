"""bilibili-api-python against the simulator: proof that it speaks the protocol, and not merely ours."""

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.simulator.wire import Json, gift_items
from tests.simulator_process import ROOT, SimulatorProcess

PROGRAM = Path(__file__).with_name("live_danmaku.py")
PATIENCE = 20.0


def wait_for_danmaku(simulator: SimulatorProcess, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while simulator.totals()["danmaku"] < count:
        assert time.monotonic() < deadline, "the library does not come"


def watch(simulator: SimulatorProcess, room: int) -> dict[str, list[Json]]:
    """What the library received until it was cut off, with a hundred danmaku or more in it."""
    command = [sys.executable, str(PROGRAM), simulator.url, str(room)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as library:
        try:
            wait_for_danmaku(simulator, 100)
            simulator.fault(cut="all")
            output, errors = library.communicate(timeout=PATIENCE)
        finally:
            library.kill()
    assert library.returncode == 0, errors
    received: dict[str, list[Json]] = json.loads(output)
    return received


def test_its_livedanmaku_receives_what_the_ledger_says(lively: SimulatorProcess) -> None:
    received = watch(lively, 90001)
    (log,) = lively.ledger(connections=True)["connections"]
    assert received["VERIFICATION_SUCCESSFUL"]
    assert len(received["VIEW"]) == 1
    danmaku = [json.loads(message["info"][0][15]["extra"]) for message in received["DANMU_MSG"]]
    ids = [extra["id_str"] for extra in danmaku if not extra["is_mirror"]]
    assert ids == [key for kind, key, *_ in log["sent"] if kind == "danmaku"]
    gifts = {message["data"]["tid"] for message in received["SEND_GIFT"]}
    gifts |= {bytes(item[9]).decode() for message in received["SEND_GIFT_V2"] for item in gift_items(message)}
    assert gifts == {key for kind, key, *_ in log["sent"] if kind == "gift"}
    assert received["INTERACT_WORD_V2"]
    for message in received["INTERACT_WORD_V2"]:
        assert message["data"]["pb_decode_message"] == "success"
