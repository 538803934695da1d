"""Contestants as processes: each in an environment of its own, each told over a pipe when to play a round."""

import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import go
from benchmarks.contestants.rounds import Seen
from benchmarks.figures import BenchmarkFailed

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ROOT / ".tools" / "bench"


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody else's program: a module of `benchmarks.contestants`, and where it finds what it imports."""

    name: str
    module: str
    environment: str = ""  #: of requirements-<this>.txt beside us; empty: our own
    path: str = ""  #: a checkout that goes before what is installed
    settings: Mapping[str, str] = field(default_factory=dict)  #: variables of its environment

    def interpreter(self) -> Path:
        """The Python to run it with, its environment made or brought up to its lock first."""
        if not self.environment:
            return Path(sys.executable)
        return environment(self.environment)

    def variables(self) -> Mapping[str, str]:
        path = {"PYTHONPATH": self.path} if self.path else {}
        return {**os.environ, **path, **self.settings}


class Round(NamedTuple):
    seconds: float
    seen: Seen
    cpu: float = 0.0  #: s of its own process, where ``seconds`` are those of the clock on the wall


class Running:
    """A contestant that has started; ends with the `with` block."""

    def __init__(self, peer: Peer, given: Path | str) -> None:
        """``given``: the argument that tells it what it reads."""
        self.peer = peer
        command = [str(peer.interpreter()), "-m", f"benchmarks.contestants.{peer.module}", str(given)]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(peer.variables()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> "Running":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._process.communicate()

    def round(self) -> Round:
        """Play once. Raises BenchmarkFailed when it cannot; why is in its own words on the terminal."""
        told = self.ask("round")
        return Round(told["seconds"], told["seen"], told.get("cpu", 0.0))

    def ask(self, line: str) -> dict[str, Any]:
        """What it answers to a line of its own. Raises as `round` does."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            print(line, file=self._process.stdin, flush=True)
        except BrokenPipeError:
            raise self._ended() from None
        answer = self._process.stdout.readline()
        if not answer:
            raise self._ended()
        told: dict[str, Any] = json.loads(answer)
        return told

    def _ended(self) -> BenchmarkFailed:
        return BenchmarkFailed(f"{self.peer.name} ended by itself; its own message is above")


def environment(name: str) -> Path:
    """The Python of `.tools/bench/<name>`, made equal to its lock; needs a network only when that changed."""
    lock = ROOT / "benchmarks" / f"requirements-{name}.txt"
    folder = ENVIRONMENTS / name
    stamp, wanted = folder / "installed", lock.read_bytes()
    python = go.program("python", folder)
    if not (python.exists() and stamp.is_file() and stamp.read_bytes() == wanted):
        print(f"Installing {lock.name} into {folder.relative_to(ROOT)} ...", file=sys.stderr, flush=True)
        try:
            go.fill_environment(folder, lock)
        except go.Failed as error:
            raise BenchmarkFailed(str(error)) from None
        stamp.write_bytes(wanted)
    return python


def installed(package: str, name: str = "") -> str:
    """The version of a package in the environment of this name, or in ours."""
    if not name:
        return importlib.metadata.version(package)
    asked = f"import importlib.metadata as m; print(m.version({package!r}))"
    command = [str(environment(name)), "-c", asked]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
