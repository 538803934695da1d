"""The proof looks for each kind of event in the table that has its rows."""

from typing import get_args

from bilibili_live.events import AnyEvent, Clock, Gauge, RoomInfo
from live_data.models import ClockReading
from live_data.storing.rows import ROWS
from tests.system.journal_proof import TABLES


def test_every_kind_of_event_that_is_kept_is_looked_for() -> None:
    tables = {event_type: form.table._meta.db_table for event_type, form in ROWS.items()}
    tables[Clock] = ClockReading._meta.db_table
    kept = set(get_args(AnyEvent)) - {Gauge, RoomInfo}  # samples: folded, and not kept
    assert set(tables) == kept
    assert {event_type.kind: tables[event_type] for event_type in kept} == TABLES
