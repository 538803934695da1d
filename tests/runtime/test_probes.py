"""Questions to real sockets and a real Valkey."""

import asyncio
import socket

import pytest

from runtime import probes
from runtime.errors import PortRefused


def test_a_port_in_use_is_refused_in_one_line_with_its_number() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(PortRefused, match=f"127.0.0.1:{port}") as refused:
            probes.check_port_free("127.0.0.1", port)
        assert "\n" not in str(refused.value)


def test_a_free_port_is_not_refused_and_stays_free() -> None:
    port = probes.free_port()
    probes.check_port_free("127.0.0.1", port)
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_port_just_left_with_connections_open_is_free_again() -> None:
    # The kernel keeps such a port in TIME_WAIT for a minute: a restart must not wait for it.
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        client = socket.create_connection(address)
        server.accept()[0].close()
        client.recv(1)
        client.close()
    probes.check_port_free(*address)


async def test_a_listening_port_accepts_and_a_closed_one_does_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert await probes.accepts("127.0.0.1", port)
    assert not await probes.accepts("127.0.0.1", port)


async def test_a_redis_server_answers_on_its_unix_socket(valkey_url: str) -> None:
    assert await probes.redis_answers(valkey_url)


async def test_nothing_answers_where_nothing_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert not await probes.redis_answers(f"unix://{tmp_path_factory.mktemp('none')}/valkey.sock")
    assert not await probes.redis_answers(f"redis://127.0.0.1:{probes.free_port()}")


async def test_a_server_that_is_no_redis_does_not_count_as_one() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 400 Bad Request\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert not await probes.redis_answers(f"redis://127.0.0.1:{port}")
