"""A site of a few lines that remembers every request: for what the simulator is too well-behaved for."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web

from bilibili_live.protocol.packets import AUTH, AUTH_REPLY, pack, unpack

KEYS = ("7cd084941338484aae1ad9425b84077c", "4932caff0ff746eab6f01bf08b70ac45")

Talk = Callable[[web.WebSocketResponse, int], Awaitable[None]]


class FakeSite:
    """Answers by path in ``answers`` (a list is used up one by one, its last one stays)."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.buvids = 0
        self.sockets = 0
        self.port = 0
        self.hosts: list[dict[str, Any]] = []
        self.talk: Talk | None = None
        self.answers: dict[str, Any] = {}
        self.status: dict[str, int] = {}
        self.redirects: dict[str, str] = {}  #: name -> Location

    @property
    def url(self) -> str:
        """By name on purpose: cookies of 127.0.0.1 are refused by jars, those of a name are not."""
        return f"http://localhost:{self.port}"

    def asked(self, ending: str) -> list[web.Request]:
        return [request for request in self.requests if request.path.endswith(ending)]

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FakeSite"]:
        app = web.Application()
        app.router.add_get("/sub", self._socket)
        app.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.port = runner.addresses[0][1]
            self.hosts = [{"host": "127.0.0.1", "ws_port": self.port, "wss_port": 1}]
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        name = request.path.rpartition("/")[2]
        if name in self.redirects:
            return web.Response(status=302, headers={"Location": self.redirects[name]})
        known = self.answers.get(name, getattr(self, f"_{name}", lambda _: {"code": 0, "data": {}})(request))
        if isinstance(known, list):
            known = known.pop(0) if len(known) > 1 else known[0]
        if isinstance(known, str):
            return web.Response(text=known, status=self.status.get(name, 200))
        response = web.json_response(known, status=self.status.get(name, 200))
        # What makes a jar mix accounts up, were there one.
        response.set_cookie("DedeUserID", "666", domain=None)
        response.set_cookie("SESSDATA", "of-somebody-else")
        return response

    def _nav(self, _: web.Request) -> dict[str, Any]:
        img, sub = (f"https://i0.hdslb.com/bfs/wbi/{key}.png" for key in KEYS)
        return {"code": -101, "data": {"isLogin": False, "wbi_img": {"img_url": img, "sub_url": sub}}}

    def _spi(self, _: web.Request) -> dict[str, Any]:
        self.buvids += 1
        return {"code": 0, "data": {"b_3": f"BUVID3-{self.buvids}", "b_4": f"BUVID4+{self.buvids}/x=="}}

    def _room_init(self, request: web.Request) -> dict[str, Any]:
        return {"code": 0, "data": {"room_id": int(request.query["id"]), "uid": 5, "live_status": 1}}

    def _getDanmuInfo(self, _: web.Request) -> dict[str, Any]:  # noqa: N802  # the site's spelling
        return {"code": 0, "data": {"token": "token", "host_list": self.hosts}}

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        self.requests.append(request)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets += 1
        message = await socket.receive()
        assert message.type is WSMsgType.BINARY
        assert unpack(message.data).packets[0].operation == AUTH
        if self.talk:
            await self.talk(socket, self.sockets)
        return socket


def let_in() -> bytes:
    return pack(AUTH_REPLY, b'{"code":0}')


def cookies(request: web.Request) -> dict[str, str]:
    """The Cookie header as sent, read by hand: a parser would hide quotation marks."""
    line = request.headers.get("Cookie", "")
    return dict(part.split("=", 1) for part in line.split("; ") if part)
