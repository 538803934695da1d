"""What joining a span asks of the database: it must not grow with the room's history."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from live_data.instants import moment
from live_data.models import CoverageSpan, LiveRoom
from live_data.storing import spans
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db


def span(number: int, *, is_open: bool = False) -> CoverageSpan:
    """The ``number``-th, a minute each."""
    begin = moment(AT) + timedelta(minutes=number)
    return CoverageSpan(
        event_id=number.to_bytes(16, "big"),
        room_id=ROOM,
        timestamp=begin,
        received_at=begin,
        state="blind",
        parser_version=1,
        stored_at=begin,
        end=None if is_open else begin + timedelta(minutes=1),
    )


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(row[3] for row in cursor.fetchall())


@pytest.mark.only_on("sqlite")
def test_a_span_is_joined_without_reading_the_rooms_history() -> None:
    LiveRoom.objects.create(room_id=ROOM)
    CoverageSpan.objects.bulk_create([*(span(number) for number in range(500)), span(500, is_open=True)])
    newest = span(501, is_open=True)
    newest.save(force_insert=True)
    with CaptureQueriesContext(connection) as captured:
        spans.join([newest])
    assert len(captured) == 10
    for query in captured:
        steps = plan(query["sql"])
        is_of_one_row = "LIMIT 1" in query["sql"] and "ORDER BY" in query["sql"]
        behind = "(room_id=? AND timestamp>?)"  # of the newest, none
        for history in ("SCAN", "FOR ORDER BY"):
            assert history not in steps, (query["sql"], steps)
        assert is_of_one_row or "received_at<" not in steps, (query["sql"], steps)
        assert "idx_coverage_room_time" not in steps.replace(f"idx_coverage_room_time {behind}", ""), steps
    ends = CoverageSpan.objects.order_by("-timestamp").values_list("end", flat=True)[:2]
    assert list(ends) == [None, newest.timestamp]


def test_while_a_span_lies_in_the_future_only_what_is_noted_since_then_is_read() -> None:
    LiveRoom.objects.create(room_id=ROOM)
    ahead = span(600)
    ahead.timestamp = ahead.end = moment(AT) + timedelta(days=9)
    CoverageSpan.objects.bulk_create([*(span(number) for number in range(600)), ahead])
    newest = [span(number, is_open=True) for number in (601, 602)]
    for each in newest:
        each.save(force_insert=True)
        spans.join([each])
    assert len(spans._contradicting(newest[1])) <= 64
    ends = CoverageSpan.objects.order_by("-received_at").values_list("end", flat=True)[:4]
    assert list(ends) == [None, newest[1].timestamp, ahead.timestamp, newest[0].timestamp]
