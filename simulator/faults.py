"""POST /simulator/faults: what goes wrong on demand. Each fault is one function, named as in the request."""

import asyncio
import base64
import time
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import cache, partial

import brotli
from aiohttp import web

from simulator import packets, room_life
from simulator.hosts import Hosts
from simulator.message import to_bytes
from simulator.player import Player, RoomPlay
from simulator.site import Site
from simulator.sockets import Admission, Connection

Request = dict[str, object]
Result = dict[str, object]

DRAIN_SECONDS = 5.0
BOMB_BYTES = 24 << 20
# Everything that must survive from the wire to the page: NUL, a lone surrogate, right-to-left,
# markup, length.
HOSTILE = "\x00\ud800\u202e<script>alert(1)</script>&amp;'\"" + "长" * 5000


class BadFault(ValueError):
    """The request names no fault, or asks for something impossible."""


def _number(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadFault(f"{name} wants a whole number, not {value!r}")
    return value


class Faults:
    """The faults of one simulator."""

    def __init__(self, player: Player, site: Site, admission: Admission, hosts: Hosts) -> None:
        self._player = player
        self._hosts = hosts
        self._site = site
        self._admission = admission
        self._known: dict[str, Callable[[Request], Awaitable[Result]]] = {
            "cut": self._cut, "stop": self._stop, "start": self._start, "refuse_auth": self._refuse_auth,
            "risk": self._risk, "blocked": self._blocked, "stall": self._stall, "broken": self._broken,
            "repeat": self._repeat, "rotate_wbi": self._rotate_wbi, "hostile": self._hostile,
            "unknown": self._unknown, "on_air": self._on_air, "change": self._change,
            "super_chat": self._super_chat, "thin": self._thin,
            "refuse_hosts": self._refuse_hosts, "loud": self._loud,
        }  # fmt: skip

    async def respond(self, request: web.Request) -> web.Response:
        """Do what the JSON body asks for."""
        try:
            asked = await request.json()
            if not isinstance(asked, dict):
                raise BadFault("the body must be a JSON object")
            return web.json_response({"ok": True, **await self._do(asked)})
        except ValueError as error:
            return web.json_response(
                {"ok": False, "error": str(error), "known": sorted(self._known)}, status=400
            )

    async def _do(self, asked: Request) -> Result:
        names = [name for name in asked if name in self._known]
        strange = set(asked) - set(names) - {"room", "abrupt", "silent", "keyless", "host"}
        if not names or strange:
            raise BadFault(f"unknown fault: {', '.join(sorted(strange)) or 'none given'}")
        result: Result = {}
        for name in names:
            result |= await self._known[name](asked)
        return result

    def _plays(self, value: object) -> list[RoomPlay]:
        """The rooms meant by "all", one id, or a list of ids; all when nothing is said."""
        if value is None or value == "all":
            return list(self._player.rooms.values())
        numbers = value if isinstance(value, list) else [value]
        try:
            return [self._player.rooms[int(str(number))] for number in numbers]
        except (KeyError, ValueError) as error:
            raise BadFault(f"no such room: {value!r}") from error

    def _connections(self, asked: Request) -> list[Connection]:
        return [
            connection for play in self._plays(asked.get("room")) for connection in play.stage.connections
        ]

    async def _cut(self, asked: Request) -> Result:
        plays = self._plays(asked["cut"])
        connections = [connection for play in plays for connection in play.stage.connections]
        if "host" in asked:  # one server falls over: that is never in good order
            host = _number(asked["host"], "host")
            connections = [connection for connection in connections if connection.host == host]
        if asked.get("abrupt") or "host" in asked:
            for connection in connections:
                connection.abort()
            return {"cut": len(connections)}
        for play in plays:
            play.finish()
            # Gone from the stage first: nothing may be put after the frame that was meant to be the last.
            play.stage.connections.clear()
        for connection in connections:
            connection.end()
        return {"cut": len(connections), "drained": await _drained(connections)}

    async def _stop(self, _: Request) -> Result:
        self._player.stop()
        everyone = [
            connection for play in self._player.rooms.values() for connection in play.stage.connections
        ]
        return {"playing": False, "drained": await _drained(everyone)}

    async def _start(self, _: Request) -> Result:
        self._player.start()
        return {"playing": True}

    async def _refuse_auth(self, asked: Request) -> Result:
        self._admission.refuse_next = _number(asked["refuse_auth"], "refuse_auth")
        return {"refuse_auth": self._admission.refuse_next}

    async def _risk(self, asked: Request) -> Result:
        self._site.risk_next = _number(asked["risk"], "risk")
        return {"risk": self._site.risk_next}

    async def _blocked(self, asked: Request) -> Result:
        self._site.blocked_next = _number(asked["blocked"], "blocked")
        return {"blocked": self._site.blocked_next}

    async def _stall(self, asked: Request) -> Result:
        seconds = asked["stall"]
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise BadFault("stall wants a number of seconds")
        connections = self._connections(asked)
        for connection in connections:
            connection.stalled_until = time.monotonic() + seconds
        return {"stalled": len(connections)}

    async def _thin(self, asked: Request) -> Result:
        """From now on the open connections get only this share of the chat; new ones get all."""
        share = asked["thin"]
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise BadFault("thin wants a share between 0 and 1")
        connections = self._connections(asked)
        for connection in connections:
            connection.chat_share = float(share)
        return {"thinned": len(connections)}

    async def _broken(self, asked: Request) -> Result:
        make = BROKEN.get(str(asked["broken"]))
        if make is None:
            raise BadFault(f"broken is one of {', '.join(BROKEN)}")
        connections = self._connections(asked)
        for connection in connections:
            connection.put(make(connection.protover))
        return {"sent": len(connections)}

    async def _repeat(self, asked: Request) -> Result:
        number = _number(asked["repeat"], "repeat")
        repeated = 0
        for play in self._plays(asked.get("room")):
            again = list(play.script.remembered)[-number:] if number else []
            play.send(again)
            repeated += len(again)
        return {"repeated": repeated}

    async def _super_chat(self, asked: Request) -> Result:
        """So many are bought in each room, whether anybody listens or not."""
        number = _number(asked["super_chat"], "super_chat")
        plays = self._plays(asked.get("room"))
        for play in plays:
            for _ in range(number):
                play.send(play.script.play("SUPER_CHAT_MESSAGE"))
        return {"bought": number * len(plays)}

    async def _refuse_hosts(self, asked: Request) -> Result:
        """These danmaku servers take nobody from now on; an empty list ends it."""
        numbers = asked["refuse_hosts"]
        if not isinstance(numbers, list):
            raise BadFault("refuse_hosts wants a list of numbers")
        refused = {_number(number, "refuse_hosts") for number in numbers}
        if beyond := refused - set(range(len(self._hosts))):
            raise BadFault(f"there is no danmaku server {min(beyond)}")
        self._hosts.refused = refused
        return {"refuse_hosts": sorted(refused)}

    async def _loud(self, asked: Request) -> Result:
        """So many counted events a second in these rooms from now on."""
        rate = _number(asked["loud"], "loud")
        plays = self._plays(asked.get("room"))
        for play in plays:
            play.become(rate)
        return {"rooms": len(plays)}

    async def _rotate_wbi(self, _: Request) -> Result:
        self._site.rotate_keys()
        return {}

    async def _on_air(self, asked: Request) -> Result:
        plays = self._plays(asked.get("room"))
        for play in plays:
            is_silent, is_keyless = bool(asked.get("silent")), bool(asked.get("keyless"))
            room_life.set_status(play, asked["on_air"], silent=is_silent, keyless=is_keyless)
        return {"rooms": len(plays)}

    async def _change(self, asked: Request) -> Result:
        plays = self._plays(asked.get("room"))
        for play in plays:
            room_life.change(play, asked["change"], silent=bool(asked.get("silent")))
        return {"rooms": len(plays)}

    async def _hostile(self, asked: Request) -> Result:
        plays = self._plays(asked.get("room"))
        for play in plays:
            _play_hostile(play)
        return {"rooms": len(plays)}

    async def _unknown(self, asked: Request) -> Result:
        plays = self._plays(asked.get("room"))
        for play in plays:
            play.send(play.script.unknown(time.time_ns() // 10**6))
        return {"rooms": len(plays)}


async def _drained(connections: Sequence[Connection]) -> bool:
    """Whether all that was put is written.

    A client that does not read must not hold up the answer for ever.
    """
    if not connections:
        return True
    waiting = [asyncio.create_task(connection.drained()) for connection in connections]
    _, late = await asyncio.wait(waiting, timeout=DRAIN_SECONDS)
    for task in late:
        task.cancel()
    return not late


def _play_hostile(play: RoomPlay) -> None:
    """One danmaku, one gift and one super chat with hostile text, counted as any other."""
    now_ms = time.time_ns() // 10**6
    person = replace(play.script.crowd.newcomer(), name=HOSTILE[:40])
    play.send(play.script.hostile(HOSTILE, person, now_ms))


def _truncated(protover: int) -> bytes:
    whole = packets.packet(b'{"cmd":"ONLINE_RANK_COUNT","data":{"count":1}}', packets.MESSAGE)
    return packets.compress(whole, protover)[:-7] if protover > packets.CONTROL else whole[:-7]


@cache
def _bomb(protover: int) -> bytes:
    zeros = bytes(BOMB_BYTES)
    if protover == packets.BROTLI:
        return packets.packet(brotli.compress(zeros, quality=5), packets.MESSAGE, packets.BROTLI)
    return packets.packet(zlib.compress(zeros), packets.MESSAGE, packets.ZLIB)


def _message(body: bytes, protover: int) -> bytes:
    (frame,) = packets.message_frames([body], protover)
    return frame


def _invalid_protobuf(protover: int) -> bytes:
    body = base64.b64encode(b"\x52\xff\xff\xff\x0f not protobuf").decode()
    return _message(to_bytes({"cmd": "SEND_GIFT_V2", "data": {"dmscore": 1, "pb": body}}), protover)


BROKEN: dict[str, Callable[[int], bytes]] = {
    "truncated": _truncated,
    "version": lambda _: packets.packet(b"{}", packets.MESSAGE, 9),
    "bomb": _bomb,
    "not_json": partial(_message, b"this is no JSON {"),
    "protobuf": _invalid_protobuf,
    "garbage": lambda _: bytes(range(7, 250, 3)),
}
