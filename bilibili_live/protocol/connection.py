"""One danmaku connection as a state table: which bytes are due, what received bytes mean.

No socket and no clock: every method is told ``now`` (seconds, monotonic) and nothing waits. The
server's rules are those of protocol.md 3.3 and 3.4: authenticate first and say nothing else before
the answer, a heartbeat at once after it and then every 30 s; a server that is silent is gone.
"""

from enum import Enum, auto
from typing import NamedTuple

import msgspec

from bilibili_live.errors import AuthRejected, ConnectionEnded, ConnectionLost, ConnectionSilent
from bilibili_live.protocol.fields import Rejected, integer, load, mapping
from bilibili_live.protocol.packets import (
    AUTH,
    AUTH_REPLY,
    CONTROL,
    HEARTBEAT,
    Messages,
    Packet,
    Part,
    open_frame,
    pack,
)

HEARTBEAT_INTERVAL = 30.0  #: s
SILENCE = 70.0  #: s without a byte from the server
#: s for the answer to the authentication. A mismatched identity often gets none at all.
AUTH_TIMEOUT = 15.0


class State(Enum):
    OPENING = auto()  #: connected, nothing said
    AUTHENTICATING = auto()  #: said who we are, no answer yet
    LIVE = auto()
    CLOSED = auto()


class Happening(Enum):
    AUTH_SENT = auto()
    ACCEPTED = auto()
    REFUSED = auto()
    SOMETHING = auto()  #: any packet but an answer to the authentication


#: What is not in here must not happen: it ends the connection. Messages may overtake the answer.
TRANSITIONS: dict[tuple[State, Happening], State] = {
    (State.OPENING, Happening.AUTH_SENT): State.AUTHENTICATING,
    (State.AUTHENTICATING, Happening.ACCEPTED): State.LIVE,
    (State.AUTHENTICATING, Happening.REFUSED): State.CLOSED,
    (State.AUTHENTICATING, Happening.SOMETHING): State.AUTHENTICATING,
    (State.LIVE, Happening.ACCEPTED): State.LIVE,
    (State.LIVE, Happening.REFUSED): State.CLOSED,
    (State.LIVE, Happening.SOMETHING): State.LIVE,
}


class Credentials(NamedTuple):
    """What the auth packet says; token, uid and buvid must be of one identity."""

    room_id: int  #: the long id
    uid: int  #: 0 = guest
    token: str
    buvid: str  #: without it only a tenth of the chat arrives


class Received(NamedTuple):
    parts: list[Part]  #: messages, not the connection's own packets
    faults: dict[str, int]  #: stable reason -> count
    accepted: bool  #: this frame let us in


class Connection:
    def __init__(self, credentials: Credentials, now: float) -> None:
        self.state = State.OPENING
        self._credentials = credentials
        self._heard_at = now
        self._asked_at = now
        self._heartbeat_at = now

    def bytes_to_send(self, now: float) -> bytes:
        """The packet that is due, or nothing. Raises ConnectionSilent when the server is gone."""
        if now >= self._gives_up_at:
            raise self._silence()
        if self.state is State.OPENING:
            self._move(Happening.AUTH_SENT)
            self._asked_at = now
            return _auth_packet(self._credentials)
        if self.state is State.LIVE and now >= self._heartbeat_at:
            # From now, not from when it was due: after a long stall one heartbeat is enough.
            self._heartbeat_at = now + HEARTBEAT_INTERVAL
            return pack(HEARTBEAT, b"")
        return b""

    @property
    def next_deadline(self) -> float:
        """When ``bytes_to_send`` wants to be asked again, whatever arrives until then."""
        if self.state is State.OPENING:
            return self._heard_at
        if self.state is State.LIVE:
            return min(self._heartbeat_at, self._gives_up_at)
        return self._gives_up_at

    def receive(self, frame: bytes, now: float) -> Received:
        """Take one WebSocket message. Raises AuthRejected, or ConnectionLost on what must not be."""
        self._heard_at = now
        parts, faults = open_frame(frame)
        was_live = self.state is State.LIVE
        for part in parts:
            if isinstance(part, Packet) and part.operation == AUTH_REPLY:
                self._answered(part.body, now)
            else:
                self._move(Happening.SOMETHING)
        messages = [part for part in parts if isinstance(part, Messages) or part.operation not in CONTROL]
        return Received(messages, faults, accepted=self.state is State.LIVE and not was_live)

    def heard(self, now: float) -> None:
        """Something arrived that is no packet, a text frame: the server lives."""
        self._heard_at = now

    def close(self) -> None:
        self.state = State.CLOSED

    def _answered(self, body: bytes, now: float) -> None:
        code = _auth_code(body)
        if code == 0:
            if self.state is State.AUTHENTICATING:
                self._heartbeat_at = now
            self._move(Happening.ACCEPTED)
        else:
            self._move(Happening.REFUSED)
            said = "in words we cannot read" if code is None else f"with code {code}"
            raise AuthRejected(f"the danmaku server refused the authentication {said}")

    def _move(self, happening: Happening) -> None:
        state = TRANSITIONS.get((self.state, happening))
        if state is None:
            where, self.state = self.state.name.lower(), State.CLOSED
            raise ConnectionLost(f"{happening.name.lower()} while {where}: against the protocol")
        self.state = state

    @property
    def _gives_up_at(self) -> float:
        if self.state is State.AUTHENTICATING:
            return self._asked_at + AUTH_TIMEOUT  # whatever else it says meanwhile
        return self._heard_at + SILENCE

    def _silence(self) -> ConnectionEnded:
        asked = self.state is State.AUTHENTICATING
        self.state = State.CLOSED
        if asked:
            return ConnectionSilent(f"no answer to the authentication in {AUTH_TIMEOUT:.0f} s")
        return ConnectionSilent(f"nothing arrived for {SILENCE:.0f} s")


def _auth_packet(who: Credentials) -> bytes:
    body = {
        "uid": who.uid,
        "roomid": who.room_id,
        "protover": 3,
        "platform": "web",
        "type": 2,
        "key": who.token,
        "buvid": who.buvid,
    }
    return pack(AUTH, msgspec.json.encode(body))


def _auth_code(body: bytes) -> int | None:
    """0 when we are in, another number when not, None when it cannot be read."""
    try:
        return integer(mapping(load(body)).get("code"))
    except Rejected:
        return None
