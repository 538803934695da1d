"""Arrays for PostgreSQL as its text, which it reads back by the type that the statement names.

psycopg would look at each element by itself, and at each placeholder of a list of VALUES: a batch of the sync
has a hundred thousand of them.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache

from django.db import DataError

Element = int | str | date | None
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def literal(elements: Sequence[Element]) -> str:
    """``{1,2}`` or ``{"a","b"}``: all of one type, where dates may be NULL; a datetime is a date, too.

    Raises DataError for a text that PostgreSQL cannot hold.
    """
    if not elements or isinstance(elements[0], int):
        return f"{{{','.join(map(str, elements))}}}"
    if isinstance(elements[0], str):
        return f'{{"{_quoted(elements)}"}}'
    # An array of a batch has few different ones.
    return f"{{{','.join(map(cache(_date), elements))}}}"


def _date(day: Element) -> str:
    return "NULL" if day is None else str(day)


def _quoted(texts: Sequence[Element]) -> str:
    together = "\x00".join(map(str, texts))
    if '"' in together or "\\" in together:
        together = together.translate(_ESCAPED)
    if together.count("\x00") != len(texts) - 1:
        raise DataError("a text has a NUL in it")
    return together.replace("\x00", '","')
