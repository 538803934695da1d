"""What must not be stored, wherever it comes from: erased people, and events below a retention floor."""

from collections.abc import Collection, Iterable
from datetime import datetime

from live_data.models import ErasedPerson, RetentionFloor
from live_data.storing import counts

_CHUNK = 500


class Refusals:
    """Erased people and events below the retention floor of their kind, as of one transaction."""

    def __init__(self, uids: Iterable[int | None]) -> None:
        self._floors = dict(RetentionFloor.objects.values_list("kind", "floor"))
        self._erased = _erased({uid for uid in uids if uid is not None})

    def reason(self, kind: str, time: datetime, uid: int | None) -> str:
        """Why the event must not be stored; "" when it may be."""
        if uid is not None and uid in self._erased:
            return counts.ERASED
        floor = self._floors.get(kind)
        return counts.EXPIRED if floor is not None and time < floor else ""


def _erased(uids: Collection[int]) -> set[int]:
    if not uids or not ErasedPerson.objects.exists():
        return set()
    wanted = list(uids)
    chunks = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
    found: set[int] = set()
    for some in chunks:
        found.update(ErasedPerson.objects.filter(uid__in=some).values_list("uid", flat=True))
    return found
