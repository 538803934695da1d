"""The connections of each room, and how one batch of messages reaches them: masked, thinned, framed alike.

Knows connections and messages; decides neither what is played nor when.
"""

from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple

from simulator.ledger import Report
from simulator.message import Message, to_bytes
from simulator.messages.room_news import LOG_IN_NOTICE
from simulator.packets import BROTLI, MESSAGE, PACKETS_PER_FRAME, message_frames, packet
from simulator.sockets import Connection

# Now and then the real site sends several packets uncompressed in one frame, and a lone one mostly plain.
PLAIN_BATCH_SHARE = 0.1
PLAIN_SINGLE_SHARE = 0.5
PLAIN_BATCH_LIMIT = 4


class View(NamedTuple):
    """What a connection is shown."""

    protover: int
    is_guest: bool
    is_thinned: bool
    chat_share: float

    @classmethod
    def of(cls, connection: Connection) -> "View":
        return cls(connection.protover, connection.is_guest, connection.is_thinned, connection.chat_share)


EVERYTHING = View(BROTLI, is_guest=False, is_thinned=False, chat_share=1.0)


class Shown(NamedTuple):
    """One frame, and what it reports."""

    frame: bytes
    reports: Sequence[Report]


class Stage:
    """One room's connections."""

    def __init__(self, room_id: int, random: Random) -> None:
        self.room_id = room_id
        self._random = random
        self._starving = Random(f"starving {room_id}")
        self.connections: list[Connection] = []
        self.has_put = False  #: set by whatever is sent

    def join(self, connection: Connection) -> None:
        """An authenticated connection; a masked one is told so at once."""
        self.connections.append(connection)
        if connection.is_guest:
            connection.put(packet(to_bytes(LOG_IN_NOTICE), MESSAGE))

    def leave(self, connection: Connection) -> None:
        """The connection has ended."""
        if connection in self.connections:
            self.connections.remove(connection)

    @property
    def listeners(self) -> list[Connection]:
        """Connections that may be sent to."""
        return [connection for connection in self.connections if not connection.is_stalled]

    @property
    def is_backed_up(self) -> bool:
        """Whether somebody reads too slowly; the room then waits rather than lose or hoard."""
        return any(connection.is_backed_up for connection in self.connections)

    def send(self, messages: Sequence[Message]) -> None:
        """Put the messages, in order, before everyone who may see them."""
        for batch in _batches(messages):
            self._send_batch(batch)

    def rehearsed(self, messages: Sequence[Message]) -> list[Shown]:
        """The same as frames for whoever sees everything."""
        made = [self._make(batch, EVERYTHING, self._is_plain(batch)) for batch in _batches(messages)]
        return [shown for shown in made if shown is not None]

    def show(self, frames: Iterable[Shown]) -> None:
        """Put what was rehearsed before everyone; no guest, and all of them read brotli."""
        for shown in frames:
            self.has_put = True
            for connection in self.listeners:
                connection.put(*shown)

    def _send_batch(self, messages: Sequence[Message]) -> None:
        self.has_put = True
        is_plain = self._is_plain(messages)
        made: dict[View, Shown | None] = {}
        for connection in self.listeners:
            view = View.of(connection)
            if view not in made:
                made[view] = self._make(messages, view, is_plain)
            ready = made[view]
            if ready is not None:
                connection.put(*ready)

    def _is_plain(self, messages: Sequence[Message]) -> bool:
        return self._random.random() < self._plain_share(len(messages))

    @staticmethod
    def _plain_share(size: int) -> float:
        if size == 1:
            return PLAIN_SINGLE_SHARE
        return PLAIN_BATCH_SHARE if size <= PLAIN_BATCH_LIMIT else 0

    def _make(self, messages: Iterable[Message], view: View, is_plain: bool) -> Shown | None:
        seen = [message for message in messages if not message.is_chat or self._is_shown(message, view)]
        if not seen:
            return None
        bodies = [message.body(view.is_guest) for message in seen]
        (frame,) = message_frames(bodies, view.protover, is_plain)
        return Shown(frame, [report for message in seen for report in message.reports])

    def _is_shown(self, chat: Message, view: View) -> bool:
        if view.is_thinned and chat.thinned:
            return False
        return view.chat_share == 1 or self._starving.random() < view.chat_share


def _batches(messages: Sequence[Message]) -> list[Sequence[Message]]:
    return [
        messages[start : start + PACKETS_PER_FRAME] for start in range(0, len(messages), PACKETS_PER_FRAME)
    ]
