"""Journal records of figures: each becomes a gauge, and what no column could hold is counted."""

import pytest

from bilibili_live.events import Gauge
from collector import records
from collector.records import Kind, decode_record
from journal.record import Record
from tests.made import AT, ROOM


def test_figures_are_read_as_gauges_of_their_moment() -> None:
    decoded = decode_record(records.figures(ROOM, AT, {"followers": 7, "guards": 0}))
    assert decoded.events == [
        Gauge(event_id=b"", room_id=ROOM, at=AT, received_at=AT, name=name, value=value)
        for name, value in (("followers", 7), ("guards", 0))
    ]


@pytest.mark.parametrize(
    "payload",
    [b"", b"[]", b'{"a": "b"}', b'{"a": -1}', b'{"a": 9223372036854775808}', b'{"a": 1.5}', b"\xff"],
)
def test_figures_that_are_none_are_counted(payload: bytes) -> None:
    decoded = decode_record(Record(Kind.FIGURES, AT, ROOM, 0, payload))
    assert decoded.events == []
    assert decoded.tally.undecodable == {"journal record not understood": 1}
