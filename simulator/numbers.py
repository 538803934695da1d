"""Serial numbers of everything played. They never repeat, also not when the simulator is started again.

The same seed plays the same contents; numbers and times belong to the run.
"""

import hashlib
import time

_TID_EPOCH_MS = 640_000_000_000
_SUPER_CHAT_EPOCH_S = 1_763_000_000
_LOT_EPOCH_S = 1_763_000_000


class Numbers:
    """One source for all rooms of a run. Runs that shall repeat each other name the same `run` (epoch ns)."""

    def __init__(self, run: int | None = None) -> None:
        self._run = time.time_ns() if run is None else run
        self._count = 0
        # 20 ids a second of the runs before: a restart begins above all of them, and 32 bits last for years.
        self._super_chat = max(0, self._run // 10**9 - _SUPER_CHAT_EPOCH_S) * 20

        self._lot = max(0, self._run // 10**9 - _LOT_EPOCH_S) * 2

    def _next(self) -> int:
        self._count += 1
        return self._count

    def id_str(self) -> str:
        """A danmaku's unique id: 36 hex characters."""
        return hashlib.blake2b(b"%d:%d" % (self._run, self._next()), digest_size=18).hexdigest()

    def tid(self, now_ms: int) -> str:
        """A gift's unique id: 19 digits that grow with time."""
        return str(((now_ms - _TID_EPOCH_MS) << 22) + (self._next() & 0x3FFFFF))

    def payflow_id(self, now_ms: int) -> str:
        """A guard purchase's order number: time and digits."""
        bought = time.strftime("%y%m%d%H%M%S", time.gmtime(now_ms / 1000))
        return f"{bought}{self._run % 10**6:06}{self._next():07}"

    def super_chat(self) -> int:
        """A super chat's id."""
        self._super_chat += 1
        return self._super_chat

    def contest(self) -> int:
        """A fight's or a lottery's id."""
        return self._run // 10**8 + self._next()

    def lot(self) -> int:
        """A red packet's id: one every half a second of the runs before at most."""
        self._lot += 1
        return self._lot

    def msg_id(self, now_ms: int) -> str:
        """The outer `msg_id` of acknowledged messages."""
        return f"{((now_ms - _TID_EPOCH_MS) << 16) + (self._next() & 0xFFFF)}:1000:1000"

    def acknowledged(self, now_ms: int) -> dict[str, object]:
        """The outer keys of a message that the site would like acknowledged."""
        return {"msg_id": self.msg_id(now_ms), "p_is_ack": True, "p_msg_type": 1, "send_time": now_ms}
