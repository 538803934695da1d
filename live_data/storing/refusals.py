"""What must not be stored, wherever it comes from: erased people, and events below a retention floor."""

from collections.abc import Iterable

from live_data.instants import moment
from live_data.models import ErasedPerson, RetentionFloor
from live_data.storing import counts

_CHUNK = 500


class Refusals:
    """Erased people and events below the retention floor of their kind, as of one transaction."""

    def __init__(self, uids: Iterable[int | None]) -> None:
        self._floors = dict(RetentionFloor.objects.values_list("kind", "floor"))
        self._erased = _erased(uids)

    def may_concern(self, kind: str) -> bool:
        """False: no event of this kind has to be looked at."""
        return bool(self._erased) or kind in self._floors

    def reason(self, kind: str, at: int, uid: int | None) -> str:
        """Why the event of this time (ms) must not be stored; "" when it may be.

        Raises OverflowError for a time beyond the calendar.
        """
        if uid is not None and uid in self._erased:
            return counts.ERASED
        floor = self._floors.get(kind)
        return counts.EXPIRED if floor is not None and moment(at) < floor else ""


def is_erased(uid: int | None) -> bool:
    """Of one person, also where the number fits no column."""
    return uid is not None and 0 <= uid < 2**63 and bool(_erased({uid}))


def _erased(uids: Iterable[int | None]) -> set[int]:
    if not ErasedPerson.objects.exists():
        return set()
    wanted = sorted({uid for uid in uids if uid is not None})
    chunks = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
    found: set[int] = set()
    for some in chunks:
        found.update(ErasedPerson.objects.filter(uid__in=some).values_list("uid", flat=True))
    return found
