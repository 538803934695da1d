"""A bare client of the live socket for these tests.

Shares no code with the simulator, so that both must be right.
"""

import asyncio
import base64
import hashlib
import json
import struct
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import aiohttp
import brotli

BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
BUVID = "11111111-2222-3333-4444-55555555555512345infoc"
PATIENCE = 10.0

MIXIN = [
    46,
    47,
    18,
    2,
    53,
    8,
    23,
    32,
    15,
    50,
    10,
    31,
    58,
    3,
    45,
    35,
    27,
    43,
    5,
    49,
    33,
    9,
    42,
    19,
    29,
    28,
    14,
    39,
]
MIXIN += [12, 38, 41, 13]

Json = dict[str, Any]


def pack(body: bytes, operation: int, version: int = 1) -> bytes:
    return struct.pack(">IHHII", 16 + len(body), 16, version, operation, 1) + body


def unpack(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(operation, body) of every packet, compressed ones opened."""
    while data:
        length, header, version, operation, _ = struct.unpack(">IHHII", data[:16])
        if operation == 3:
            yield operation, data[header:]
            return
        body, data = data[header:length], data[length:]
        if version == 3:
            yield from unpack(brotli.decompress(body))
        elif version == 2:
            yield from unpack(zlib.decompress(body))
        else:
            yield operation, body


def protobuf_fields(data: bytes) -> list[tuple[int, int | bytes]]:
    """(field, value) pairs, in order."""

    def varint(at: int) -> tuple[int, int]:
        value = shift = 0
        while data[at] & 0x80:
            value |= (data[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
        return value | data[at] << shift, at + 1

    found: list[tuple[int, int | bytes]] = []
    at = 0
    while at < len(data):
        tag, at = varint(at)
        if tag & 7 == 0:
            number, at = varint(at)
            found.append((tag >> 3, number))
            continue
        size, at = varint(at) if tag & 7 == 2 else ({5: 4, 1: 8}[tag & 7], at)
        assert at + size <= len(data)
        found.append((tag >> 3, data[at : at + size]))
        at += size
    return found


def gift_items(message: Json) -> list[dict[int, int | bytes]]:
    """The items of a SEND_GIFT_V2, as field -> value."""
    body = base64.b64decode(message["data"]["pb"])
    return [
        dict(protobuf_fields(value))
        for field, value in protobuf_fields(body)
        if field == 10 and isinstance(value, bytes)
    ]


async def signed(session: aiohttp.ClientSession, url: str, **parameters: object) -> dict[str, str]:
    """The parameters with wts and w_rid for the keys of now."""
    async with session.get(f"{url}/x/web-interface/nav") as response:
        images = (await response.json())["data"]["wbi_img"]
    both = "".join(images[name].rsplit("/", 1)[1].removesuffix(".png") for name in ("img_url", "sub_url"))
    mixin = "".join(both[index] for index in MIXIN)
    complete = {name: str(value) for name, value in parameters.items()} | {"wts": str(int(time.time()))}
    query = "&".join(f"{name}={quote(complete[name], safe='')}" for name in sorted(complete))
    return complete | {"w_rid": hashlib.md5((query + mixin).encode()).hexdigest()}


@asynccontextmanager
async def browsing(
    uid: int = 0, buvid: str = BUVID, user_agent: str = BROWSER
) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser-like session of this account, 0 for a guest."""
    cookies = {"buvid3": buvid} if buvid else {}
    if uid:
        cookies |= {"SESSDATA": f"sim-{uid}", "DedeUserID": str(uid)}
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(
        headers={"User-Agent": user_agent}, cookies=cookies, cookie_jar=jar
    ) as session:
        yield session


async def danmu_info(session: aiohttp.ClientSession, url: str, room: int) -> Json:
    """The whole answer of getDanmuInfo."""
    parameters = await signed(session, url, id=room, type=0, web_location="444.8")
    async with session.get(f"{url}/xlive/web-room/v1/index/getDanmuInfo", params=parameters) as response:
        answer: Json = await response.json()
    return answer


class Viewer:
    """One authenticated connection. Collects what it is sent."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.messages: list[Json] = []
        self.frames: list[bytes] = []
        self.heartbeat_replies: list[bytes] = []

    async def beat(self, body: bytes = b"[object Object]") -> None:
        await self.socket.send_bytes(pack(body, 2))

    async def read(self) -> bool:
        """One frame; False when the connection has ended."""
        async with asyncio.timeout(PATIENCE):
            received = await self.socket.receive()
        if received.type is not aiohttp.WSMsgType.BINARY:
            return False
        self.frames.append(received.data)
        for operation, body in unpack(received.data):
            if operation == 5:
                message = json.loads(body)
                self.messages.append(message if "cmd" in message else message["msg"])
            elif operation == 3:
                self.heartbeat_replies.append(received.data)
        return True

    async def read_all(self) -> "Viewer":
        """Everything until the connection ends."""
        while await self.read():
            pass
        return self

    async def read_until(self, count: int, cmd: str = "DANMU_MSG") -> None:
        """Read until so many messages of this command have come."""
        async with asyncio.timeout(PATIENCE):
            while len(self.of(cmd)) < count:
                assert await self.read(), "the connection ended before"

    def of(self, cmd: str) -> list[Json]:
        """The messages of this command, suffixed forms too."""
        return [message for message in self.messages if message["cmd"].partition(":")[0] == cmd]

    def danmaku_ids(self) -> set[str]:
        return {json.loads(message["info"][0][15]["extra"])["id_str"] for message in self.of("DANMU_MSG")}

    def gift_ids(self) -> set[str]:
        old = {message["data"]["tid"] for message in self.of("SEND_GIFT")}
        return old | {
            bytes(item[9]).decode() for message in self.of("SEND_GIFT_V2") for item in gift_items(message)
        }

    def super_chats(self) -> dict[int, int]:
        """Price in CNY by id."""
        both = self.of("SUPER_CHAT_MESSAGE") + self.of("SUPER_CHAT_MESSAGE_JPN")
        return {int(message["data"]["id"]): int(message["data"]["price"]) for message in both}


def auth_body(room: int, token: str, uid: int = 0, buvid: str = BUVID, protover: int = 3) -> bytes:
    auth = {
        "uid": uid,
        "roomid": room,
        "protover": protover,
        "platform": "web",
        "type": 2,
        "key": token,
        "buvid": buvid,
    }
    return json.dumps(auth).encode()


@asynccontextmanager
async def watching(
    url: str, room: int, uid: int = 0, protover: int = 3, **auth: Any
) -> AsyncIterator[Viewer]:
    """An authenticated connection to this room."""
    async with browsing(uid) as session:
        token = (await danmu_info(session, url, room))["data"]["token"]
        async with session.ws_connect(f"{url}/sub", max_msg_size=0) as socket:
            await socket.send_bytes(pack(auth_body(room, token, uid, protover=protover, **auth), 7))
            async with asyncio.timeout(PATIENCE):
                reply = await socket.receive_bytes()
            assert list(unpack(reply)) == [(8, b'{"code":0}')]
            viewer = Viewer(socket)
            await viewer.beat()
            yield viewer
