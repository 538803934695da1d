"""Since when a lost connection may be missing something: what its last frames prove. Pure.

Must not know why the connection ended. A connection is one ordered stream, so what is missing was sent
after the last frame that arrived; the question is when that one was sent, which is earlier than when our
loop got round to it.
"""

from collections.abc import Callable, Iterable

from bilibili_live.events import AnyEvent, Danmaku, Gift, Interaction, SuperChat
from bilibili_live.protocol.packets import AUTH_REPLY, HEARTBEAT_REPLY
from collector.attention import Attention

# Their time is the site's, of when it happened. Other events fall back to the time of their arrival, which
# proves nothing, or tell when something begins, as guards do: that may be seconds after they were sent.
_DATED = (Danmaku, Gift, SuperChat, Interaction)
_OPERATION = slice(8, 12)  # of a packet's header
_ANSWERS = frozenset(operation.to_bytes(4, "big") for operation in (AUTH_REPLY, HEARTBEAT_REPLY))


def is_auth_reply(frame: bytes) -> bool:
    """The first frame of a connection; whether it let us in, its body says."""
    return frame[_OPERATION] == AUTH_REPLY.to_bytes(4, "big")


class Evidence:
    """Of a room's newest connection. All times in ms of our clock, unless said."""

    __slots__ = ("_ahead", "_answered_at", "_attention", "_connection", "own_time", "sent_by")

    def __init__(self, attention: Attention, ahead: Callable[[], int] = lambda: 0) -> None:
        """``attention``: of the process that receives the frames, told of each of them before this.

        ``ahead``: ms by which the site's clock may be ahead of ours, as far as is known.
        """
        self._attention = attention
        self._ahead = ahead
        self._begin(0)

    def _begin(self, connection: int) -> None:
        self.sent_by = 0  #: what was sent until then has arrived
        self.own_time = 0  #: ms of the site's clock, of the newest event
        self._answered_at = 0
        self._connection = connection

    def frame(self, frame: bytes, received_at: int, connection: int) -> None:
        """Every frame that was kept, before its events."""
        if connection != self._connection:
            self._begin(connection)
        if frame[_OPERATION] in _ANSWERS:
            # We ask again only after we have read the answer before: this one was sent later than that
            # was read, however long it lay here.
            self._raise(self._answered_at, received_at)
            self._answered_at = received_at
        else:
            self._raise(0, received_at)

    def events(self, events: Iterable[AnyEvent], received_at: int) -> None:
        """What the frame held. An event is told after it happened, so its own time is a safe bound.

        Not when it lies in our future: then the site's clock is ahead, and nobody knows when it was sent.
        """
        ahead = max(0, self._ahead())
        own = [each.at for each in events if isinstance(each, _DATED) and each.at != received_at]
        self.own_time = max([self.own_time, *own])
        self._raise(max((at - ahead for at in own if at - ahead < received_at), default=0), received_at)

    def end(self, now: int, connection: int | None = None) -> int:
        """Since when the connection may be missing something; ``now`` when it never let us in.

        ``connection``: the one that ended; None = whichever was the newest.
        """
        if connection not in (None, self._connection) or not self._answered_at:
            return now
        return min(self.sent_by, now)

    def _raise(self, bound: int, received_at: int) -> None:
        if self.sent_by > received_at:
            self.sent_by = 0  # our clock was set back
        self.sent_by = max(self.sent_by, min(bound, received_at), self._attention.oldest(received_at))
