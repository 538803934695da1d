"""The index on PostgreSQL: the same tokens in an array of each document, in a GIN index.

GIN knows no order: a word that is frequent is found soonest where the newest documents are, which are looked
through one by one first. Tables are named by our own code, every value is a parameter.
"""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connection, connections

from live_data import sql_arrays
from live_data.search.documents import Document
from live_data.search.needs import Needs

_ADD = """
    INSERT INTO {table} AS known (docid, tokens)
    SELECT docid, string_to_array(tokens, ' ') FROM unnest(%s::bigint[], %s::text[]) AS new(docid, tokens)
    ON CONFLICT (docid) DO UPDATE
    SET tokens = ARRAY(SELECT DISTINCT unnest(known.tokens || excluded.tokens))
"""
_REMOVE = "DELETE FROM {table} WHERE docid = ANY(%s)"
_EMPTY = "TRUNCATE {table}"
_FIND = """
    SELECT docid FROM {table}
    WHERE docid < %s AND docid >= %s AND tokens @> %s{groups}
    {order}
"""
_ORDER = "ORDER BY docid DESC LIMIT %s"
_EDGE = "SELECT docid FROM {table} WHERE docid < %s ORDER BY docid DESC OFFSET %s LIMIT 1"
_NEWEST = 10_000  # documents that are looked through before GIN is asked
_LOCK = 0x5EA2C4  # of ours among the advisory locks of the database


def lock(using: str = DEFAULT_DB_ALIAS) -> None:
    """Until the end of the transaction nobody adds; who adds meanwhile waits."""
    _execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,), using)


def try_lock() -> bool:
    """The same; False: somebody is adding."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", (_LOCK,))
        return bool(cursor.fetchone()[0])


def lock_shared() -> None:
    """Nobody fills the index until the end of the transaction."""
    _execute("SELECT pg_advisory_xact_lock_shared(%s)", (_LOCK,))


def add(table: str, documents: Sequence[Document]) -> None:
    """In the order of their docids, each once."""
    if not documents:
        return
    docids, tokens = zip(*documents, strict=True)
    _execute(_ADD.format(table=table), (sql_arrays.literal(docids), sql_arrays.literal(tokens)))


def remove(table: str, documents: Sequence[Document]) -> None:
    _execute(_REMOVE.format(table=table), ([document.docid for document in documents],))


def empty(table: str, using: str = DEFAULT_DB_ALIAS) -> None:
    _execute(_EMPTY.format(table=table), (), using)


def candidates(table: str, needs: Needs, below: int, floor: int, limit: int) -> list[int]:
    """Docids in [floor, below), the greatest first."""
    groups = "".join(" AND tokens && %s" for _ in needs.groups)
    has = (list(needs.tokens), *map(list, needs.groups))
    edge = max(floor, _edge(table, below))
    newest = _FIND.format(table=table, groups=groups, order=_ORDER)
    found = _docids(newest, (below, edge, *has, limit))
    if len(found) == limit or edge == floor:
        return found
    # OFFSET 0 hides the order from the planner, which would walk all documents for it.
    found_anyhow = _FIND.format(table=table, groups=groups, order="OFFSET 0")
    rest = f"SELECT docid FROM ({found_anyhow}) AS found {_ORDER}"  # noqa: S608 - our own statement
    return found + _docids(rest, (edge, floor, *has, limit - len(found)))


def _edge(table: str, below: int) -> int:
    found = _docids(_EDGE.format(table=table), (below, _NEWEST))
    return found[0] if found else 0


def _docids(statement: str, parameters: Sequence[object]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)  # type: ignore[arg-type]  # arrays are lists to psycopg
        return [docid for (docid,) in cursor.fetchall()]


def _execute(statement: str, parameters: Sequence[object], using: str = DEFAULT_DB_ALIAS) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, parameters)  # type: ignore[arg-type]  # as above
