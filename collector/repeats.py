"""What two connections to one room both receive, told once and counted. Pure.

Frames that are read again from the journal do not pass here: SQL finds their repetitions by event_id.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from bilibili_live.events import AnyEvent, Decoded, Tally

_MOST = 5_000  #: events remembered
_LONGEST = 60_000  #: ms that one is remembered: no connection is so far behind another


@dataclass(slots=True)
class _Seen:
    at: int  #: ms, when it was received first
    times: dict[int, int] = field(default_factory=dict)  #: by connection
    is_named: bool = False  #: one that was told says who it was


class Repeats:
    """Of one room. An event that the site itself tells twice is told twice: SQL may learn from the second.

    So is one that was told of a masked person, when another connection brings it with the name.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._seen: OrderedDict[bytes, _Seen] = OrderedDict()

    def without(self, decoded: Decoded, connection: int, received_at: int, *, with_samples: bool) -> Decoded:
        """Without what another connection has brought as often already; how much that was is in the tally.

        ``with_samples``: events without a name, which are figures of the moment, are kept. Two
        connections would tell each of them twice, and one of the two is enough.
        """
        self._forget(received_at)
        kept = [
            event
            for event in decoded.events
            if (self._is_new(event, connection, received_at) if event.event_id else with_samples)
        ]
        repeated = len(decoded.events) - len(kept)
        if not repeated:
            return decoded
        tally = Tally(repeated=repeated)
        tally.add(decoded.tally)
        return Decoded(events=kept, tally=tally)

    def _is_new(self, event: AnyEvent, connection: int, received_at: int) -> bool:
        seen = self._seen.setdefault(event.event_id, _Seen(received_at))
        told = max(seen.times.values(), default=0)
        seen.times[connection] = seen.times.get(connection, 0) + 1
        was_named = seen.is_named
        seen.is_named = was_named or getattr(event, "uid", None) is not None
        return seen.times[connection] > told or seen.is_named != was_named

    def _forget(self, now: int) -> None:
        while self._seen:
            oldest = next(iter(self._seen.values()))
            if len(self._seen) <= self._most and now - oldest.at <= _LONGEST:
                return
            self._seen.popitem(last=False)
