"""What the site says that this version does not know, and since when."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from live_data.models import ProtocolNews

_MOST = 30
_ORDER = ("-first_seen", "kind", "name")


@dataclass(frozen=True, slots=True)
class Heard:
    """The newest names first. No error: what is in here was counted, and nothing else was lost by it."""

    shown: Sequence[ProtocolNews]
    more: int  #: rows that are not shown


def look() -> Heard:
    """Raises DatabaseError. The table is bounded, so it may be sorted."""
    shown = ProtocolNews.objects.order_by(*_ORDER)[:_MOST]
    return Heard(list(shown), max(0, sum(by_kind().values()) - _MOST))


def by_kind() -> dict[str, int]:
    """How many names of each kind, also of those that there are none of. Raises DatabaseError."""
    found = Counter(ProtocolNews.objects.order_by().values_list("kind", flat=True))
    return dict.fromkeys(ProtocolNews.Kind.values, 0) | found
