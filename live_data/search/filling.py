"""Filling the index with what was stored before it, newest first, a piece at a time; and that of names with
those that came since.

Each piece is a transaction of its own, which syncs wait for no longer than that; on PostgreSQL it waits for
theirs, and those that begin meanwhile wait behind it. Meanwhile searches walk the tables where the index does
not reach.
"""

from django.db import DEFAULT_DB_ALIAS, transaction

from live_data.models import SearchFilling
from live_data.search import name_index
from live_data.search.documents import BEHIND_ALL, FIRST, TABLES, docid_of, documents, floor, united
from live_data.search.engines import MESSAGES, engine

_PIECE = 2_000  # rows of each table


def begin(using: str = DEFAULT_DB_ALIAS) -> None:
    """Empty both indexes of this database; everything is to be filled in again."""
    with transaction.atomic(using=using):
        engine(using).lock(using)
        name_index.empty(using)
        engine(using).empty(MESSAGES, using)
        SearchFilling.objects.using(using).delete()
        SearchFilling.objects.using(using).create(filled_from=BEHIND_ALL)


def fill(*, waits: bool = True) -> int | None:
    """One piece: how many rows it had; None: there is nothing to fill any more, or, unless it ``waits``, a
    sync is storing.

    Names go first: they are few, and new ones come all the time.
    """
    if not (name_index.is_behind() or SearchFilling.objects.exists()):
        return None  # without a lock, for which all syncs would wait
    with transaction.atomic():
        if waits:
            engine().lock()
        elif not engine().try_lock():
            return None
        return name_index.fill(_PIECE) or _fill_messages()


def _fill_messages() -> int | None:
    filling = SearchFilling.objects.first()
    if filling is None:
        return None
    least, count = _piece(filling.filled_from)
    if least == FIRST:
        filling.delete()
    else:
        SearchFilling.objects.filter(pk=filling.pk).update(filled_from=least)
    return count


def _piece(below: int, size: int = _PIECE) -> tuple[int, int]:
    """Index the newest rows below a docid; returns (the docid down to which all of them are, how many)."""
    found = []
    least = FIRST
    for table in TABLES.values():
        rows = table._default_manager.filter(event_id__lt=floor(below)).order_by("-event_id")
        some = list(rows[:size])
        found.append((table, some))
        if len(some) == size:
            # Its last docid may go on in the next piece.
            least = max(least, docid_of(bytes(some[-1].event_id)) + 1)
    if least >= below:  # a whole piece of one docid
        return _piece(below, size * 2)
    new = [
        document for table, some in found for document in documents(table, some) if document.docid >= least
    ]
    engine().add(MESSAGES, united(new))
    return least, len(new)
