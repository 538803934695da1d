"""Answers that are dear to compute, given again for a while. Per process; knows nothing of what it keeps."""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Value = TypeVar("Value")

_SHARE = 20  #: an answer lives this many times as long as it took to compute: 5 % of a core at most
_MOST_KEYS = 64


@dataclass
class _Kept(Generic[Value]):
    lock: threading.Lock = field(default_factory=threading.Lock)
    until: float = float("-inf")
    value: Value | None = None


class Remembered(Generic[Value]):
    """One computation at a time for each key; who comes meanwhile waits for it and shares it."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """``seconds`` that an answer lives at least."""
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[Hashable, _Kept[Value]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """What ``compute`` gave for this key a short while ago, else gives now. Raises what it raises."""
        kept = self._of(key)
        with kept.lock:
            began = self._clock()
            if kept.value is None or began >= kept.until:
                kept.value = compute()
                ended = self._clock()
                kept.until = ended + max(self._seconds, (ended - began) * _SHARE)
            return kept.value

    def forget(self) -> None:
        """Compute everything anew."""
        with self._lock:
            self._kept.clear()

    def _of(self, key: Hashable) -> _Kept[Value]:
        with self._lock:
            if key not in self._kept and len(self._kept) >= _MOST_KEYS:
                del self._kept[next(iter(self._kept))]
            return self._kept.setdefault(key, _Kept())
