"""What an event says stands in the columns of its row, all of it."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from live_data.instants import moment
from live_data.models import CoverageSpan, GiftData, SuperChatData
from live_data.storing.events import Arrival, store
from live_data.storing.rows import ROWS
from tests.live_data.every_event import told
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db(transaction=True)

STORED_AT = datetime(2026, 11, 24, 10, 5, 0, 123_456, tzinfo=UTC)
#: Fields of events that stand in a column of another name, or as another thing.
COLUMNS = {
    "at": ("timestamp", moment),
    "received_at": ("received_at", moment),
    "end_at": ("end_time", moment),
}
#: A gift's price in seeds: the column ``price`` is its view in CNY.
OF_GIFTS = {"price": ("unit_coin", int)}
#: What begins as NULL, and is told by what comes later.
LATER = {SuperChatData: {"deleted_at"}, CoverageSpan: {"end"}}


@pytest.mark.parametrize("event_type", ROWS, ids=lambda event_type: event_type.__name__)
def test_every_field_is_in_its_column(event_type: type) -> None:
    event, form = told(event_type, AT), ROWS[event_type]
    store([Arrival(event, 7)], STORED_AT)
    row = form.table._default_manager.get()
    columns: dict[str, Any] = COLUMNS | (OF_GIFTS if form.table is GiftData else {})
    for name, value in msgspec.structs.asdict(event).items():
        column, read = columns.get(name, (name, lambda same: same))
        assert getattr(row, column) == read(value), name
    assert (row.parser_version, row.stored_at, row.room_id) == (7, STORED_AT, ROOM)


@pytest.mark.parametrize("event_type", ROWS, ids=lambda event_type: event_type.__name__)
def test_every_column_has_a_value(event_type: type) -> None:
    """Nothing is left to a default of the database."""
    form = ROWS[event_type]
    fields = form.table._meta.concrete_fields
    wanted = {field.column for field in fields if not (field.primary_key or field.generated)}
    assert set(form.columns) == wanted - LATER.get(form.table, set())
    assert len(set(form.columns)) == len(form.columns)
