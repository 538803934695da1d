"""Which of the answers that mostly repeat themselves are worth a place in the journal. Pure."""

from collections.abc import Hashable


class Novelty:
    """What was last kept under each key; the same again only after ``repeat_after`` seconds."""

    def __init__(self, repeat_after: float) -> None:
        self._repeat_after = repeat_after
        self._kept: dict[Hashable, tuple[object, float]] = {}

    def is_news(self, key: Hashable, value: object, now: float) -> bool:
        """``now`` in s of a monotonic clock."""
        if key not in self._kept:
            return True
        known, kept_at = self._kept[key]
        return known != value or now - kept_at >= self._repeat_after

    def kept(self, key: Hashable, value: object, now: float) -> None:
        """Call it once the value is written: what could not be written stays news."""
        self._kept[key] = value, now

    def forget(self, key: Hashable) -> None:
        self._kept.pop(key, None)
