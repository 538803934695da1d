"""A row of any table, made of its columns: a test of all tables forgets none that is added."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import models

from live_data.instants import moment
from live_data.models import (
    DatabaseCopy,
    LiveRoom,
    NameFilling,
    PersonName,
    RollupCalendar,
    SearchFilling,
    SessionFigures,
    SummedDays,
    UnsettledRoom,
)
from live_data.models.event_row import EventIdField
from tests.live_data.web_rows import room
from tests.made import AT, ROOM

MINUTE = 60_000  #: ms
#: What is one row by a constraint, or one for each of another table.
_APART = (
    DatabaseCopy,
    NameFilling,
    RollupCalendar,
    SearchFilling,
    SessionFigures,
    SummedDays,
    UnsettledRoom,
)
TABLES = sorted(
    (table for table in apps.get_app_config("live_data").get_models() if table not in _APART),
    key=lambda table: table.__name__,
)


def made(table: type[models.Model], number: int = 1, text: str = "内容", room_id: int = ROOM) -> Any:
    """The ``number``-th row, not saved; where two texts cannot be the same, the number stands before it."""
    columns = [field for field in table._meta.concrete_fields if not (field.primary_key or field.generated)]
    values = {field.attname: _value(field, number, text, room_id) for field in columns}
    if table is not LiveRoom:
        room(room_id)
    if "room_ids_json" in values:
        values["room_ids_json"] = f"[{room_id}]"
    return table(**values)


def fill(table: type[models.Model], count: int, room_id: int = ROOM) -> None:
    """``count`` rows."""
    # People are nobody's room: others stand for another one's.
    first = 1 if table is not PersonName or room_id == ROOM else 10_001
    rows = [made(table, number, room_id=room_id) for number in range(first, first + count)]
    table._default_manager.bulk_create(rows)


def _value(field: Any, number: int, text: str, room_id: int) -> Any:
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.ForeignKey) or (field.name == "room_id" and not field.unique):
        return room_id
    return next(
        (value(field, number, text, room_id) for kind, value in _VALUES if isinstance(field, kind)), number
    )


def _event_id(_field: Any, number: int, _text: str, room_id: int) -> bytes:
    return number.to_bytes(6, "big") + room_id.to_bytes(10, "big")


def _words(field: Any, number: int, text: str, _room_id: int) -> str:
    return (f"{number} {text}" if field.unique or field.name == "name" else text)[: field.max_length]


_VALUES: list[tuple[Any, Any]] = [
    (EventIdField, _event_id),
    (models.BinaryField, lambda _field, _number, text, _room: text.encode()),
    (models.JSONField, lambda _field, _number, text, _room: [text]),
    (models.DateTimeField, lambda _field, number, _text, _room: moment(AT + number * MINUTE)),
    (models.DateField, lambda _field, number, _text, _room: (moment(AT) + timedelta(days=number)).date()),
    (models.BooleanField, lambda *_: False),
    (models.CharField | models.TextField, _words),
]
