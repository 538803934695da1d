"""Names of people in and out of an index of their own, which follows their table at its own pace.

The sync stores names and indexes none of them: it must not wait. They enter the index in the scheduler's idle
turns, in the order of their numbers; a search looks through those behind `filled_to` by itself.
"""

from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS

from live_data.models import NameFilling, PersonName
from live_data.search.documents import FIRST, of_names
from live_data.search.engines import NAMES, engine
from live_data.search.needs import Needs


def filled_to() -> int:
    """The number up to which all names are in the index; FIRST: none is."""
    place = NameFilling.objects.values_list("filled_to", flat=True).first()
    return FIRST if place is None else place


def before_insert() -> None:
    """Whoever stores names says so before, in the same transaction.

    On PostgreSQL numbers are given in order and committed in any: a filling waits for those that are on
    their way, or it would pass them over.
    """
    engine().lock_shared()


def remove(rows: Iterable[PersonName]) -> None:
    """Names that go, in the same transaction: nothing of them stays."""
    engine().lock_shared()
    last = filled_to()
    engine().remove(NAMES, of_names(row for row in rows if row.pk <= last))


def candidates(needs: Needs, below: int, limit: int) -> list[int]:
    """Numbers of names that may be hits, the greatest first, ``limit`` at most."""
    found: list[int] = engine().candidates(NAMES, needs, below, FIRST, limit)
    return found


def is_behind() -> bool:
    """Whether there are names that are not in the index."""
    return PersonName.objects.filter(pk__gt=filled_to()).exists()


def fill(most: int) -> int:
    """Index the next names, under the caller's lock; how many, 0: there are no more."""
    rows = list(PersonName.objects.filter(pk__gt=filled_to()).order_by("pk")[:most])
    if rows:
        engine().add(NAMES, of_names(rows))
        NameFilling.objects.update_or_create(defaults={"filled_to": rows[-1].pk})
    return len(rows)


def empty(using: str = DEFAULT_DB_ALIAS) -> None:
    """Of this database, under the caller's lock; everything is to be filled in again."""
    engine(using).empty(NAMES, using)
    NameFilling.objects.using(using).delete()
