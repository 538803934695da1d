"""The index on PostgreSQL: the same tokens in an array of each document, in a GIN index.

GIN knows no order and reads all that it has of a word: what is frequent is found sooner by looking through
the newest documents one by one, or those of the room, what is rare by GIN. The newest few tell which of the
two it is. Tables are named by our own code, every value is a parameter.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections

from live_data import sql_arrays
from live_data.search import looking
from live_data.search.documents import FIRST, Document
from live_data.search.documents import floor as lowest
from live_data.search.needs import Needs, Rows

#: Few rows beside all documents, `Needs.rows`, are read in the order of their own table.
LOOKS_THROUGH_ROWS = True
_ADD = """
    INSERT INTO {table} AS known (docid, tokens)
    SELECT docid, string_to_array(tokens, ' ') FROM unnest(%s::bigint[], %s::text[]) AS new(docid, tokens)
    ON CONFLICT (docid) DO UPDATE
    SET tokens = ARRAY(SELECT DISTINCT unnest(known.tokens || excluded.tokens))
"""
_REMOVE = "DELETE FROM {table} WHERE docid = ANY(%s)"
_EMPTY = "TRUNCATE {table}"
#: Of a piece, in one pass: how many documents it has, the last one, and those that are wanted.
_PIECE = "SELECT count(*), min(number), array_agg(number) FILTER (WHERE {wanted})"
_OF_ALL = f"""
    {_PIECE}, (SELECT reltuples FROM pg_class WHERE oid = '{{table}}'::regclass)
    FROM (
        SELECT docid AS number, tokens FROM {{table}} WHERE {{within}} ORDER BY docid DESC LIMIT %s
    ) AS newest
"""  # noqa: S608 - our own statement, as the others
_OF_ROWS = f"""
    {_PIECE}, NULL
    FROM (
        SELECT ('x' || encode(substring(uuid_send(event_id) FOR 8), 'hex'))::bit(64)::bigint >> 1 AS number
        FROM ({{rows}}) AS newest
    ) AS numbered
    LEFT JOIN {{table}} ON docid = number
"""  # noqa: S608 - as above
#: OFFSET 0 hides the order from the planner, which would walk all documents for it.
_FIND = """
    SELECT docid FROM (SELECT docid FROM {table} WHERE {within} AND {wanted} OFFSET 0) AS found
    ORDER BY docid DESC LIMIT %s
"""
_FEW, _FEW_ROWS = 2_000, 400  # documents that are looked through first, each in 0.4 and 2 us
#: So many rows take as long as GIN: of the largest rooms, and of all, where they are super chats.
_MOST_ROWS, _MOST_OF_ALL_ROOMS = 8_000, 2_500
_SPARE = 1.25  # times as many as should be enough, so that they mostly are
#: Times less a document costs that is looked through than one that GIN finds, and whose page is read.
_LESS = 4
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
    wanted, has = _wanted(needs)
    found: list[int] = []
    size, walked = _FEW if needs.rows is None else _FEW_ROWS, 0
    while size:
        within = (below, floor, size)
        statement, values = _all(within) if needs.rows is None else _some(needs.rows, within)
        [row] = _fetched(statement.format(table=table, wanted=wanted), (*has, *values))
        piece = _Piece(*row)
        # In the order of docids; of rows, two may have the same one.
        found += sorted(set(piece.found or ()), reverse=True)
        if len(found) >= limit or piece.size < size:
            return found[:limit]
        walked += size
        below = piece.last
        size = _worth(needs.rows, limit - len(found), len(found) / walked, piece.documents)
    bounds, ends = _within(below, floor)
    statement = _FIND.format(table=table, within=bounds, wanted=wanted)
    rest = _fetched(statement, (*ends, *has, limit - len(found)))
    return found + [docid for (docid,) in rest]


class _Piece(NamedTuple):
    """Documents that were looked through, from the newest on."""

    size: int
    last: int  #: docid
    found: list[int] | None  #: docids; None: there are none
    documents: float | None  #: of the table, as the planner guesses, -1: not yet; None: it was not asked


def _all(within: tuple[int, int, int]) -> tuple[str, Sequence[object]]:
    """(a statement for a `_Piece`, its values); ``within``: (below, floor, how many at most)."""
    below, floor, size = within
    bounds, ends = _within(below, floor)
    return _OF_ALL.replace("{within}", bounds), (*ends, size)


def _some(rows: Rows, within: tuple[int, int, int]) -> tuple[str, Sequence[object]]:
    """The same of documents of some rows, which are between those of many others."""
    below, floor, size = within
    newest = looking.between(rows.kind, rows.room_id, lowest(floor), lowest(below)).values("event_id")[:size]
    sql, values = newest.query.sql_with_params()
    return _OF_ROWS.replace("{rows}", sql), values


def _within(below: int, floor: int) -> tuple[str, list[int]]:
    """(a condition, its values). One that holds anyway is left out: of a table that it does not know yet, the
    planner takes two for hardly any documents, and sorts them all."""
    return ("docid < %s", [below]) if floor == FIRST else ("docid < %s AND docid >= %s", [below, floor])


def _worth(rows: Rows | None, missing: int, share: float, documents: float | None) -> int:
    """How many documents to look through for so many more; 0: it takes longer than GIN.

    ``share``: of the wanted among those that were looked through, as it may be among all ``documents``.
    """
    if not share:
        return 0
    far = missing / share
    if rows is None:
        few, most = _FEW, share * (documents or 0) * _LESS
    else:
        few, most = _FEW_ROWS, _MOST_OF_ALL_ROOMS if rows.room_id is None else _MOST_ROWS
    return max(few, int(far * _SPARE)) if far <= most else 0


def _wanted(needs: Needs) -> tuple[str, list[list[str]]]:
    """(a condition, its values). Tokens without an alternative are one question: GIN begins with the rarest
    of its tokens, but of several questions with the first, to the next that it finds."""
    single = [token for group in needs.groups if len(group) == 1 for token in group]
    groups = [list(group) for group in needs.groups if len(group) != 1]
    tokens = [*needs.tokens, *single]
    conditions = ["tokens @> %s"] * bool(tokens) + ["tokens && %s"] * len(groups)
    return " AND ".join(conditions), [*([tokens] if tokens else []), *groups]


def _fetched(statement: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)  # type: ignore[arg-type]  # arrays are lists to psycopg
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _execute(statement: str, parameters: Sequence[object], using: str = DEFAULT_DB_ALIAS) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, parameters)  # type: ignore[arg-type]  # as above
