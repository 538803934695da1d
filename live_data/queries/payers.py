"""Who paid: people by uid, and names of whom the site hides it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Sum

from live_data.queries import lists
from live_data.queries.lists import Chosen
from live_data.queries.takings import TABLES, Gold


class Payer(NamedTuple):
    """One person; without a uid one shown name, which may be several people."""

    uid: int | None
    name: str  #: as shown last
    purchases: int  #: lines of gifts, super chats, guard purchases
    gold: Gold


@dataclass(slots=True)
class _Sums:
    names: list[tuple[datetime, str]] = field(default_factory=list)  #: each with when it was shown last
    purchases: int = 0
    gold: list[int] = field(default_factory=lambda: [0, 0, 0])

    def add(self, place: int, shown: tuple[datetime, str], purchases: int, gold: int) -> None:
        self.names.append(shown)
        self.purchases += purchases
        self.gold[place] += gold

    def payer(self, uid: int | None) -> Payer:
        _, name = max(self.names)
        return Payer(uid, name, self.purchases, Gold(*self.gold))


def payers(chosen: Chosen) -> list[Payer]:
    """All of them, those who paid most first. Masked names are not merged with anybody's uid."""
    sums: dict[tuple[int | None, str], _Sums] = {}
    for place, table in enumerate(TABLES):
        paid: Iterable[tuple[int | None, str, int, int, datetime]] = (
            lists.within(table, chosen)
            .filter(gold__gt=0)
            .values_list("uid", "username")
            .annotate(Count("pk"), Sum("gold"), Max("timestamp"))
        )
        for uid, name, purchases, gold, at in paid:
            one = sums.setdefault((uid, name if uid is None else ""), _Sums())
            one.add(place, (at, name), purchases, gold)
    found = [one.payer(uid) for (uid, _), one in sums.items()]
    return sorted(found, key=lambda payer: (-payer.gold.total, payer.uid or 0, payer.name))
