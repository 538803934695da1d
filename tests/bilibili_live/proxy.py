"""A forward proxy of a few lines that remembers what it was asked: by CONNECT, and by whole addresses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Proxy:
    """``refusal``: a status line that is all that anybody gets."""

    def __init__(self) -> None:
        self.asked: list[str] = []  #: "GET http://...", "CONNECT host:port"
        self.authorizations: set[str] = set()
        self.refusal = ""
        self.port = 0
        self._talks: set[asyncio.Task[None]] = set()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Proxy"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for talk in self._talks:
                talk.cancel()
            await asyncio.gather(*self._talks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        try:
            await self._talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            self._talks.discard(talk)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")[:-2]
        method, target, version = head[0].split(" ")
        self.asked.append(f"{method} {target}")
        headers = dict(line.split(": ", 1) for line in head[1:])
        self.authorizations.add(headers.pop("Proxy-Authorization", ""))
        if self.refusal:
            writer.write(f"{self.refusal}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
            return
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        there, upstream = await asyncio.open_connection(parts.hostname, parts.port)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            if "Upgrade" not in headers:
                headers["Connection"] = "close"  # one question each: the next one is looked at again
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            lines = [f"{method} {path} {version}", *(f"{name}: {said}" for name, said in headers.items())]
            upstream.write("\r\n".join([*lines, "", ""]).encode())
        try:
            await asyncio.gather(pour(reader, upstream), pour(there, writer))
        finally:
            upstream.close()


async def pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    while piece := await source.read(65536):
        into.write(piece)
        await into.drain()
    into.close()
