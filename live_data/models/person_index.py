"""An index by person for a table that grows with every line that is said.

By the uid alone nearly every new row changes another page of it, of as many as all who ever spoke fill: on
SQLite half of all that storing wrote. There the index begins with the stretch of the table that a row lies
in, so what comes now is written together, and who asks for a person asks in each stretch. PostgreSQL has such
tables in months (live_data/models/months.py), which come to the same, and keeps an index by uid in each.
"""

from collections.abc import Collection
from typing import Any, TypeVar

from django.db import connections, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement

_ROWS = 2**18  #: of a stretch: a thousand pages of index
_STRETCH = "stretch"

Row = TypeVar("Row", bound=models.Model)


class Stretch(models.Func):
    """Number of the stretch that a row with this key lies in; without a parameter, as the index has it."""

    template = f"(%(expressions)s / {_ROWS})"
    output_field = models.BigIntegerField()


class PersonIndex(models.Index):
    """Of the column ``uid``; ask by ``of_people``."""

    def __init__(self, *, name: str) -> None:
        super().__init__(fields=["uid"], name=name)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As migrations write it."""
        return f"{type(self).__module__}.{type(self).__qualname__}", [], {"name": self.name}

    def create_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",
        **options: Any,
    ) -> Statement:
        """As the engine has it."""
        if schema_editor.connection.vendor != "sqlite":
            return super().create_sql(model, schema_editor, using, **options)
        by_stretch = models.Index(Stretch("id"), "uid", name=self.name)
        return by_stretch.create_sql(model, schema_editor, using, **options)


def of_people(rows: "models.QuerySet[Row]", uids: Collection[int]) -> "models.QuerySet[Row]":
    """Those of ``rows`` that are these people's, at most some hundred, by the index of their table."""
    theirs = rows.filter(uid__in=uids)
    indexes = rows.model._meta.indexes
    if connections[rows.db].vendor != "sqlite" or not any(isinstance(each, PersonIndex) for each in indexes):
        return theirs
    every = rows.model._default_manager.using(rows.db)
    # One after the other: SQLite walks through all rows for a least and a most at once.
    first, last = (every.aggregate(end=end("pk"))["end"] for end in (models.Min, models.Max))
    if first is None or last is None:
        return rows.none()
    stretches = range(first // _ROWS, last // _ROWS + 1)
    by_stretch = theirs.alias(**{_STRETCH: Stretch("id")})
    found: models.QuerySet[Row] = by_stretch.filter(**{f"{_STRETCH}__in": stretches})
    return found
