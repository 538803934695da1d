"""Danmaku and super chats in and out of the index, in the transaction of the rows themselves.

Only rows from `filled_from` on are in it: older ones are left to `filling`, which reads them from their
tables.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models

from live_data.models import SearchFilling
from live_data.search import looking
from live_data.search.documents import FIRST, TABLES, Document, documents, united
from live_data.search.engines import MESSAGES, engine
from live_data.search.needs import Needs


def filled_from() -> int:
    """The least docid that the index knows; FIRST: it has everything."""
    place = SearchFilling.objects.values_list("filled_from", flat=True).first()
    return FIRST if place is None else place


def add(table: type[models.Model], sources: Iterable[Any]) -> None:
    """What was just stored in ``table``, as rows or as events; of other tables nothing is indexed."""
    _add(documents(table, sources))


def remove(table: type[models.Model], rows: Iterable[Any]) -> None:
    """Rows that were just deleted, with their texts as they were."""
    gone = _filled(documents(table, rows))
    if not gone:
        return
    engine().remove(MESSAGES, united(gone))
    # What other rows of these docids brought went with it.
    docids = [document.docid for document in gone]
    for kind in TABLES:
        add(TABLES[kind], looking.rows(kind, docids))


def candidates(needs: Needs, below: int, floor: int, limit: int) -> list[int]:
    """Docids in [floor, below) that may be hits, newest first, ``limit`` at most."""
    found: list[int] = engine().candidates(MESSAGES, needs, below, floor, limit) if floor < below else []
    return found


def looks_through_rows() -> bool:
    """Whether `Needs.rows` make for a faster answer, which may leave out documents of other rows."""
    return bool(engine().LOOKS_THROUGH_ROWS)


def _add(some: list[Document]) -> None:
    if new := united(_filled(some)):
        engine().add(MESSAGES, new)


def _filled(some: list[Document]) -> list[Document]:
    if not some:
        return some
    engine().lock_shared()
    least = filled_from()
    return some if least == FIRST else [document for document in some if document.docid >= least]
