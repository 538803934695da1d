"""Who paid: people by uid, and names of whom the site hides it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import nsmallest
from typing import Any, NamedTuple, TypeAlias

from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from live_data.queries import lists
from live_data.queries.lists import Chosen
from live_data.queries.takings import TABLES, Gold, Paid

#: What is paid is never less than nothing: while the dearest sum of doubles is below, each of them is exact.
#: PostgreSQL adds up whole numbers of 64 bits as numeric, which takes twice as long for so many people.
_EXACT = 2**53

#: A uid, or the name that is shown of somebody without one.
_Key: TypeAlias = int | str


class Payer(NamedTuple):
    """One person; without a uid one shown name, which may be several people."""

    uid: int | None
    name: str  #: as shown last
    purchases: int  #: lines of gifts, super chats, guard purchases
    gold: Gold


class Payers(NamedTuple):
    first: list[Payer]  #: those who paid most, the dearest first
    known: int  #: how many there are by uid
    masked: int  #: how many there are beside, by shown names


class _Sort(NamedTuple):
    """People who are told apart by one column."""

    column: str  #: "uid" or "username"
    rows: Q

    def of(self, table: type[Paid], chosen: Chosen) -> "QuerySet[Any]":
        """Their lines that were paid for."""
        return lists.within(table, chosen).filter(self.rows, gold__gt=0)

    def collation(self) -> str:
        """Texts are compared by their bytes, as Python does, whatever the database was made with."""
        return ' COLLATE "C"' if self.column == "username" and connection.vendor == "postgresql" else ""


_KNOWN = _Sort("uid", Q(uid__isnull=False))
#: Said so that no index of people is taken for it: of a collector without a login it has the whole history.
_MASKED = _Sort("username", Q(Exact(Coalesce("uid", Value(0)), 0)))


def payers(chosen: Chosen, most: int) -> Payers:
    """``most`` of them by name. Masked names are not merged with anybody's uid."""
    known, masked = (_dearest(sort, chosen, most) for sort in (_KNOWN, _MASKED))
    first = [key for key, _ in nsmallest(most, [*known.first, *masked.first], key=_dearest_first)]
    told = _told(_KNOWN, chosen, [key for key in first if isinstance(key, int)])
    told |= _told(_MASKED, chosen, [key for key in first if isinstance(key, str)])
    return Payers([told[key] for key in first if key in told], known.number, masked.number)


def uids(chosen: Chosen) -> list[int]:
    """Of all who paid and have one, in no order."""
    first, *others = (_KNOWN.of(table, chosen).values_list("uid", flat=True) for table in TABLES)
    return list(first.union(*others))


class _Dearest(NamedTuple):
    first: list[tuple[_Key, int]]  #: with their gold
    number: int  #: of all that there are


def _dearest(sort: _Sort, chosen: Chosen, most: int) -> _Dearest:
    """Only sums are made of all of them: in a week of many rooms there are fifty thousand."""
    if connection.vendor == "postgresql":
        found = _summed(sort, chosen, most, "SUM(gold::double precision)")
        if not found.first or found.first[0][1] < _EXACT:
            return found
    return _summed(sort, chosen, most, "SUM(gold)")


def _summed(sort: _Sort, chosen: Chosen, most: int, gold: str) -> _Dearest:
    """``gold``: how it is added up, in SQL."""
    rows = [sort.of(table, chosen).annotate(person=F(sort.column)) for table in TABLES]
    queries = [each.values_list("person", "gold").query.sql_with_params() for each in rows]
    union = " UNION ALL ".join(select for select, _ in queries)
    statement = (
        # Names of ours, and what Django made of them; every value is a parameter.
        f"WITH sums AS (SELECT person, {gold} AS gold FROM ({union}) AS paid GROUP BY person)"  # noqa: S608 - as said above
        " SELECT person, gold, (SELECT COUNT(*) FROM sums) FROM sums"
        f" ORDER BY gold DESC, person{sort.collation()} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(each for _, values in queries for each in values), most])
        found = cursor.fetchall()
    return _Dearest([(person, int(gold)) for person, gold, _ in found], found[0][2] if found else 0)


def _dearest_first(found: tuple[_Key, int]) -> tuple[int, int, str]:
    """Of equal ones those without a uid come first."""
    key, gold = found
    return (-gold, key, "") if isinstance(key, int) else (-gold, 0, key)


def _told(sort: _Sort, chosen: Chosen, keys: Sequence[_Key]) -> dict[_Key, Payer]:
    """What these paid, by kind, and under which name they were shown last with it: without those whose rows
    went since they were found."""
    sums: dict[_Key, list[int]] = {key: [0, 0, 0, 0] for key in keys}
    last: dict[_Key, tuple[datetime, str]] = {}
    for key, name, place, purchases, gold, at in _lines(sort, chosen, keys) if keys else ():
        sums[key][place] += gold
        sums[key][-1] += purchases
        last[key] = max(last.get(key, (at, name)), (at, name))
    return {
        key: Payer(key if isinstance(key, int) else None, last[key][1], purchases, Gold(*gold))
        for key, (*gold, purchases) in sums.items()
        if key in last
    }


def _lines(sort: _Sort, chosen: Chosen, keys: Sequence[_Key]) -> Iterator[tuple[Any, ...]]:
    """(person, name, place of the kind in Gold, lines, gold, last at), of all kinds at once."""
    # One statement for both sorts is no faster: PostgreSQL would start workers for its parts.
    first, *others = (
        sort.of(table, chosen)
        .filter(**{f"{sort.column}__in": keys})
        .annotate(place=Value(place))
        .values_list(sort.column, "username", "place")
        .annotate(Count("pk"), Sum("gold"), Max("timestamp"))
        for place, table in enumerate(TABLES)
    )
    yield from first.union(*others, all=True)
