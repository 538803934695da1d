"""The embedded Valkey for real: where it listens, what it keeps, who may reach it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runtime import probes, processes, redis_server
from runtime.errors import NoRedis
from runtime.redis_server import RedisServer


@asynccontextmanager
async def _running(server: RedisServer) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await processes.start(server.command, {}, server.folder, captured=True)
    assert process.stdout is not None
    output = asyncio.create_task(process.stdout.read())
    try:
        async with asyncio.timeout(10):
            while not await probes.redis_answers(server.url):  # noqa: ASYNC110 - nothing tells that it listens
                await asyncio.sleep(0.01)
        yield process
    finally:
        processes.kill(process)
        await process.wait()
        await output


async def test_it_listens_on_a_socket_in_its_folder_that_others_cannot_open(tmp_path: Path) -> None:
    folder = tmp_path / "直播 数据"
    with redis_server.embedded(folder) as server:
        async with _running(server):
            socket = folder / redis_server.SOCKET_NAME
            assert socket.is_socket()
            assert socket.stat().st_mode & 0o777 == 0o700
            assert folder.stat().st_mode & 0o777 == 0o700


async def test_a_path_too_long_for_a_socket_gets_a_short_one_that_goes_away(tmp_path: Path) -> None:
    folder = tmp_path / ("长" * 40)
    with redis_server.embedded(folder) as server:
        socket = Path(server.url.removeprefix("unix://"))
        assert len(os.fsencode(socket)) <= redis_server.MOST_SOCKET_BYTES
        async with _running(server):
            assert await probes.redis_reply(server.url, b"SET a 1") == b"+OK\r\n"
        assert (folder / "appendonlydir").is_dir()
    assert not socket.parent.exists()


async def test_what_was_written_survives_a_kill(tmp_path: Path) -> None:
    with redis_server.embedded(tmp_path) as server:
        async with _running(server) as process:
            assert await probes.redis_reply(server.url, b"SET gift 100") == b"+OK\r\n"
            process.kill()
            await process.wait()
        async with _running(server):
            assert await probes.redis_reply(server.url, b"STRLEN gift") == b":3\r\n"


async def test_a_server_left_behind_is_ended_and_its_data_kept(tmp_path: Path) -> None:
    with redis_server.embedded(tmp_path) as server:
        async with _running(server) as process:
            assert await probes.redis_reply(server.url, b"SET gift 100") == b"+OK\r\n"
            await redis_server.end_leftover(server.url, tmp_path)
            async with asyncio.timeout(10):
                assert await process.wait() == 0
        async with _running(server):
            assert await probes.redis_reply(server.url, b"STRLEN gift") == b":3\r\n"


async def test_a_server_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    with redis_server.embedded(tmp_path / "theirs") as server:
        async with _running(server):
            await redis_server.end_leftover(server.url, tmp_path / "ours")
            assert await probes.redis_answers(server.url)


def test_a_program_that_does_not_run_or_is_too_old_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, script in {"valkey-server": "exit 127", "redis-server": "echo Redis server v=6.0.16"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setattr(redis_server, "_from_wheel", lambda: iter(()))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRedis, match="REDIS_URL"):
        redis_server.find_program()
    (tmp_path / "redis-server").write_text("#!/bin/sh\necho Redis server v=6.2.14\n", encoding="utf-8")
    assert redis_server.find_program() == tmp_path / "redis-server"
