"""Is something there? Quick questions to ports, sockets and Redis servers. Knows no settings, no client."""

import asyncio
import contextlib
import os
import socket
import ssl
import sys
from urllib.parse import unquote, urlsplit

from runtime.errors import PortRefused

TIMEOUT = 2.0  # seconds for one question


def check_port_free(host: str, port: int) -> None:
    """Raises PortRefused unless we could listen on `host`:`port`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":  # there the option would let two programs share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise PortRefused(
                f"Port {port} may not be used by this user; set PORT to one above 1023."
            ) from error
        except OSError as error:
            raise PortRefused(
                f"{host}:{port} cannot be used ({os.strerror(error.errno or 0)}); "
                "stop the program that has it, or set another PORT."
            ) from error


def free_port() -> int:
    """A port of 127.0.0.1 that was free just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def accepts(host: str, port: int) -> bool:
    """Whether a server accepts connections there."""
    try:
        async with asyncio.timeout(TIMEOUT):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    await _close(writer)
    return True


async def redis_answers(url: str) -> bool:
    """Whether the Redis server of `url` is there and done with loading its data."""
    return (await redis_reply(url, b"PING")).startswith((b"+PONG", b"-NOAUTH"))


async def redis_reply(url: str, command: bytes) -> bytes:
    """The first line that the server of `url` answers to an inline command without login; empty when none."""
    try:
        async with asyncio.timeout(TIMEOUT):
            reader, writer = await _connect(url)
            try:
                writer.write(command + b"\r\n")
                return await reader.readline()
            finally:
                await _close(writer)
    except (OSError, TimeoutError):
        return b""


async def _connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    if parts.scheme != "unix":
        secure = ssl.create_default_context() if parts.scheme == "rediss" else None
        return await asyncio.open_connection(parts.hostname or "localhost", parts.port or 6379, ssl=secure)
    if sys.platform == "win32":
        raise OSError("no unix sockets on Windows")
    return await asyncio.open_unix_connection(unquote(parts.path))


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
