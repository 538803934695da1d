"""Who paid: people by uid, and names of whom the site hides it."""

from collections.abc import Iterable
from datetime import datetime
from heapq import nsmallest
from typing import NamedTuple, TypeAlias

from django.db.models import Case, Count, F, Max, Sum, TextField, Value, When

from live_data.queries import lists
from live_data.queries.lists import Chosen
from live_data.queries.takings import TABLES, Gold

#: A uid, or the name that is shown of somebody without one.
_Key: TypeAlias = tuple[int | None, str]


class Payer(NamedTuple):
    """One person; without a uid one shown name, which may be several people."""

    uid: int | None
    name: str  #: as shown last
    purchases: int  #: lines of gifts, super chats, guard purchases
    gold: Gold


class Payers(NamedTuple):
    first: list[Payer]  #: those who paid most, the dearest first
    uids: list[int]  #: all of them, in no order
    masked: int  #: how many there are beside, by shown names


def payers(chosen: Chosen, most: int) -> Payers:
    """``most`` of them by name. Masked names are not merged with anybody's uid."""
    sums: dict[_Key, list[int]] = {}
    for place, table in enumerate(TABLES):
        mask = Case(When(uid=None, then=F("username")), default=Value(""), output_field=TextField())
        paid = lists.within(table, chosen).filter(gold__gt=0).annotate(mask=mask).values_list("uid", "mask")
        for uid, name, purchases, gold in paid.annotate(Count("pk"), Sum("gold")):
            one = sums.setdefault((uid, name), [0, 0, 0, 0])
            one[place] += gold
            one[-1] += purchases
    first = nsmallest(most, sums.items(), key=_dearest_first)
    names = _names(chosen, [uid for (uid, _), _ in first if uid is not None])
    uids = [uid for uid, _ in sums if uid is not None]
    return Payers(
        [
            Payer(uid, name if uid is None else names[uid], purchases, Gold(*gold))
            for (uid, name), (*gold, purchases) in first
        ],
        uids,
        len(sums) - len(uids),
    )


def _dearest_first(found: tuple[_Key, list[int]]) -> tuple[int, int, str]:
    (uid, name), (*gold, _) = found
    return -sum(gold), uid or 0, name


def _names(chosen: Chosen, uids: list[int]) -> dict[int, str]:
    """As shown last with what they paid."""
    last: dict[int, tuple[datetime, str]] = {}
    for table in TABLES:
        rows = lists.within(table, chosen).filter(gold__gt=0, uid__in=uids)
        shown: Iterable[tuple[int, str, datetime]] = rows.values_list("uid", "username").annotate(
            Max("timestamp")
        )
        for uid, name, at in shown:
            last[uid] = max(last.get(uid, (at, name)), (at, name))
    return {uid: name for uid, (_, name) in last.items()}
