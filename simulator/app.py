"""Puts the parts together on one port: the site, the sockets, the ledger and the faults."""

import asyncio
import os
import signal
import sys

from aiohttp import web

from simulator.faults import Faults
from simulator.hosts import Hosts
from simulator.identity import Identities
from simulator.ledger import SUPER_CHAT, Ledger
from simulator.player import Player
from simulator.replay import Replay, anchor_uid, load
from simulator.rooms import FIRST_ROOM, Rooms
from simulator.settings import Settings
from simulator.site import Site
from simulator.sockets import Admission, Connection

# How long open connections may take to notice the end.
SHUTDOWN_SECONDS = 0.3


class Simulator:
    """One running look-alike."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        numbers = (
            [settings.replay_room] if settings.replay else range(FIRST_ROOM, FIRST_ROOM + settings.rooms)
        )
        frames = load(settings.replay) if settings.replay else []
        self._rooms = Rooms(numbers, settings.seed)
        if frames:
            room = self._rooms.played[0]
            room.uid = anchor_uid(frames) or room.uid
        self._ledger = Ledger(numbers)
        identities = Identities()
        self._hosts = Hosts()
        site = Site(self._rooms, identities, self._hosts, settings.seed)
        self._admission = Admission(
            identities, self._ledger, self._hosts, settings.masks_guests, settings.heartbeat_timeout
        )
        self._player = Player(self._rooms.played, settings)
        self._faults = Faults(self._player, site, self._admission, self._hosts)
        self._replay: Replay | None = None
        if frames:
            play = self._player.rooms[settings.replay_room]
            self._replay = Replay(
                frames, play.stage, settings.speed, play.room.uid, lambda: self._player.is_playing
            )
        self._open: set[Connection] = set()
        self.app = web.Application()
        self.app.add_routes(site.routes())
        self.app.add_routes(
            [
                web.get("/sub", self._socket),
                web.get("/simulator/ledger", self._show_ledger),
                web.get("/simulator/connections", self._show_connections),
                web.post("/simulator/faults", self._faults.respond),
            ]
        )

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        return await self._admission.serve(request, self._joined, self._left)

    def _joined(self, connection: Connection) -> None:
        self._open.add(connection)
        self._player.joined(connection)

    async def _left(self, connection: Connection) -> None:
        self._open.discard(connection)
        await self._player.left(connection)

    async def _show_ledger(self, request: web.Request) -> web.Response:
        with_connections = request.query.get("connections", "") not in {"", "0"}
        answer = self._ledger.as_json(with_connections)
        if with_connections:
            # In no count: it was written to no connection, but a client may know it from here alone.
            answer["told"] = [
                [chat.room_id, SUPER_CHAT, str(chat.number), chat.start_time * 1000, chat.price * 1000]
                for room in self._rooms.played
                for chat in room.told_super_chats.values()
            ]
        return web.json_response(answer)

    async def _show_connections(self, _: web.Request) -> web.Response:
        """Who is authenticated at this moment."""
        return web.json_response(
            [
                {"id": each.number, "room": each.room_id, "uid": each.uid, "host": each.host}
                for play in self._player.rooms.values()
                for each in play.stage.connections
            ]
        )

    async def run(self) -> int:
        """Serve until a signal; the exit code."""
        ended = asyncio.Event()
        _on_signals(ended)
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        try:
            return await self._serve(runner, ended)
        finally:
            for connection in self._open:
                connection.abort()
            await runner.cleanup()

    async def _serve(self, runner: web.AppRunner, ended: asyncio.Event) -> int:
        settings = self._settings
        try:
            for port in (settings.port, *[0] * (settings.hosts - 1)):
                await web.TCPSite(runner, settings.host, port).start()
        except OSError as error:
            # asyncio wraps the system's words in its own; the number still tells what it was.
            reason = os.strerror(error.errno) if error.errno else str(error)
            print(f"simulator: cannot listen on {settings.host}:{settings.port}: {reason}", file=sys.stderr)
            return 1
        self._hosts.listen([(str(host), int(port)) for host, port, *_ in runner.addresses])
        print(self._ready_line(runner), flush=True)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._player.run())
                if self._replay is not None:
                    tasks.create_task(self._replay.run())
                tasks.create_task(_until(ended))
        except* _Ended:
            pass
        return 0

    def _ready_line(self, runner: web.AppRunner) -> str:
        host, port = runner.addresses[0][:2]
        numbers = ",".join(str(room.room_id) for room in self._rooms.played)
        return f"simulator: http://{host}:{port} rooms {numbers}"


def _on_signals(ended: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, ended.set)
        except NotImplementedError:
            # Windows' loop cannot; a plain handler runs in this thread, between two of its turns.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(ended.set))


class _Ended(Exception):
    """The signal to end came."""


async def _until(ended: asyncio.Event) -> None:
    await ended.wait()
    raise _Ended
