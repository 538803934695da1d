"""The index on SQLite: contentless FTS5, which stores for each token nothing but docids (detail=none).

A contentless table cannot tell what it holds: rows leave it with exactly the tokens that they came with.
"""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connection, connections

from live_data.search.documents import Document
from live_data.search.needs import Needs

_TABLE = "live_data_searchindex"

_ADD = f"INSERT INTO {_TABLE}(rowid, tokens) VALUES (%s, %s)"  # noqa: S608 - our own table
_REMOVE = f"INSERT INTO {_TABLE}({_TABLE}, rowid, tokens) VALUES ('delete', %s, %s)"  # noqa: S608 - as above
_EMPTY = f"INSERT INTO {_TABLE}({_TABLE}) VALUES ('delete-all')"  # noqa: S608 - as above
_FIND = (
    f"SELECT rowid FROM {_TABLE} WHERE {_TABLE} MATCH %s"  # noqa: S608 - as above
    " AND rowid < %s AND rowid >= %s ORDER BY rowid DESC LIMIT %s"
)


def lock(_using: str = DEFAULT_DB_ALIAS) -> None:
    """Transactions are IMMEDIATE: there is no second one."""


def lock_shared() -> None:
    """As above."""


def add(documents: Sequence[Document]) -> None:
    """In the order of their docids, each once."""
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, documents)


def remove(documents: Sequence[Document]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_REMOVE, documents)


def empty(using: str = DEFAULT_DB_ALIAS) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(_EMPTY)


def candidates(needs: Needs, below: int, floor: int, limit: int) -> list[int]:
    """Docids in [floor, below), the greatest first."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, (_match(needs), below, floor, limit))
        return [docid for (docid,) in cursor.fetchall()]


def _match(needs: Needs) -> str:
    """Quotation marks are no part of a token: whatever was typed is no syntax."""
    parts = [f'"{token}"' for token in needs.tokens]
    parts += ["(" + " OR ".join(f'"{token}"' for token in group) + ")" for group in needs.groups]
    return " AND ".join(parts)
