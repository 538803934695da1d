"""The index on SQLite: contentless FTS5, which stores for each token nothing but docids (detail=none).

A contentless table cannot tell what it holds: rows leave it with exactly the tokens that they came with.
Tables are named by our own code, every value is a parameter.
"""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connection, connections

from live_data.search.documents import Document
from live_data.search.needs import Needs

#: It asks for the tokens alone: an answer has documents of all rows that have them.
LOOKS_THROUGH_ROWS = False
_ADD = "INSERT INTO {table}(rowid, tokens) VALUES (%s, %s)"
_REMOVE = "INSERT INTO {table}({table}, rowid, tokens) VALUES ('delete', %s, %s)"
_EMPTY = "INSERT INTO {table}({table}) VALUES ('delete-all')"
_FIND = (
    "SELECT rowid FROM {table} WHERE {table} MATCH %s"
    " AND rowid < %s AND rowid >= %s ORDER BY rowid DESC LIMIT %s"
)


def lock(_using: str = DEFAULT_DB_ALIAS) -> None:
    """Transactions are IMMEDIATE: there is no second one."""


def try_lock() -> bool:
    """As above."""
    return True


def lock_shared() -> None:
    """As above."""


def add(table: str, documents: Sequence[Document]) -> None:
    """In the order of their docids, each once."""
    with connection.cursor() as cursor:
        cursor.executemany(_ADD.format(table=table), documents)


def remove(table: str, documents: Sequence[Document]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_REMOVE.format(table=table), documents)


def empty(table: str, using: str = DEFAULT_DB_ALIAS) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(_EMPTY.format(table=table))


def candidates(table: str, needs: Needs, below: int, floor: int, limit: int) -> list[int]:
    """Docids in [floor, below), the greatest first."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(table=table), (_match(needs), below, floor, limit))
        return [docid for (docid,) in cursor.fetchall()]


def _match(needs: Needs) -> str:
    """Quotation marks are no part of a token: whatever was typed is no syntax."""
    parts = [f'"{token}"' for token in needs.tokens]
    parts += ["(" + " OR ".join(f'"{token}"' for token in group) + ")" for group in needs.groups]
    return " AND ".join(parts)
