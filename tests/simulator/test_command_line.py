import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.__main__ import parse
from tests.simulator.wire import watching
from tests.simulator_process import ROOT, SimulatorProcess

RATE = ("--rate", "10")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "simulator", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=20, check=False)


def test_it_says_where_it_is_and_ends_on_a_signal() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        simulator = SimulatorProcess("--rooms", "3", *RATE)
        assert simulator.url == f"http://127.0.0.1:{simulator.port}"
        assert simulator.rooms == [90001, 90002, 90003]
        simulator.send_signal(number)
        assert simulator.wait(5) == 0
        assert simulator.errors == ""


async def test_it_ends_at_once_with_connections_open() -> None:
    simulator = SimulatorProcess("--rooms", "1", "--rate", "200")
    async with watching(simulator.url, 90001) as viewer:
        await viewer.read_until(5)
        simulator.send_signal(signal.SIGTERM)
        await viewer.read_all()
        assert simulator.wait(5) == 0
    assert simulator.errors == ""


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("--port", str(port), "--rooms", "1", *RATE)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == f"simulator: cannot listen on 127.0.0.1:{port}: Address already in use\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--rooms", "1"), "--rate"),
        (("--rooms", "1", "--rate", "5", "--profile", "big"), "not allowed with"),
        (RATE, "--rooms"),
        (("--rooms", "0", *RATE), "between 1 and"),
        (("--rooms", "1", "--rate", "-3"), "positive"),
        (("--rooms", "1", "--rate", "nan"), "positive"),
        (("--rooms", "1", "--profile", "huge"), "invalid choice"),
        (("--host", "0.0.0.0", "--rooms", "1", *RATE), "loopback"),
        (("--rooms", "1", "--profile", "big", "--rehearse", "5"), "--rehearse needs --rate"),
        (("--rooms", "1", *RATE, "--guests", "real", "--rehearse", "5"), "no guests"),
        (("--port", "70000", "--rooms", "1", *RATE), "no port"),
        (("--replay", "missing.bin", "--room", "5"), "no such file"),
        (("--replay", "missing.bin"), "--room"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    arguments: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["--port", "0", *arguments])
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err.splitlines()[-1]


def test_a_file_that_is_no_recording_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.bin"
    file.write_bytes(b"\0\0\xff\xffshort")
    ended = run("--port", "0", "--replay", str(file), "--room", "5")
    assert (ended.returncode, ended.stderr) == (1, f"simulator: {file}: cut off at byte 0\n")
