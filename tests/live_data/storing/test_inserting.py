"""What the fast way writes is what the ORM would have written."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django.db import DataError, IntegrityError, connection, transaction

from live_data.instants import moment, utc_text
from live_data.models import DanmakuData
from live_data.storing.events import Arrival
from live_data.storing.inserting import Row, insert
from live_data.storing.room_rows import rooms_of
from live_data.storing.rows import ROWS, RowForm
from tests.live_data.every_event import told
from tests.made import ROOM, danmaku

pytestmark = pytest.mark.django_db(transaction=True)

STORED_AT = datetime(2026, 11, 24, 10, 5, 0, 123_456, tzinfo=UTC)
TIMES = (0, 1_790_000_000_000, 1_790_000_000_120, 253_402_300_799_999)  # ms; the last of all
FORM = ROWS[type(danmaku(1))]


def rows(*events: Any, form: RowForm = FORM) -> list[Row]:
    rooms_of([ROOM])
    return form.rows([Arrival(event, 2) for event in events], {ROOM: None}, STORED_AT)


def raw(form: RowForm) -> list[tuple[Any, ...]]:
    """As the engine has them, without the generated keys."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {form.table._meta.db_table} ORDER BY timestamp")
        key = [column[0] for column in cursor.description or ()].index("id")
        return [(*row[:key], *row[key + 1 :]) for row in cursor.fetchall()]


@pytest.mark.parametrize("event_type", ROWS, ids=lambda event_type: event_type.__name__)
def test_it_is_what_the_orm_writes(event_type: type) -> None:
    form = ROWS[event_type]
    insert(form.table, form.columns, rows(*(told(event_type, at, "字\n'\"%s") for at in TIMES), form=form))
    found = raw(form)
    assert len(found) == len(TIMES)
    read = list(form.table._default_manager.all())
    form.table._default_manager.all().delete()
    for row in read:
        row.pk = None
    form.table._default_manager.bulk_create(read)
    assert raw(form) == found


def test_a_row_with_a_key_keeps_it_and_one_without_gets_one() -> None:
    [kept], [new] = rows(danmaku(1)), rows(danmaku(2))
    insert(DanmakuData, FORM.columns, [new])
    insert(DanmakuData, ("id", *FORM.columns), [(4711, *kept)])
    keys = dict(DanmakuData.objects.values_list("event_id", "pk"))
    assert keys.pop(danmaku(1).event_id) == 4711
    assert list(keys) == [danmaku(2).event_id]


@pytest.mark.parametrize("value", [None, {}, {"[妙]": "https://i0.hdslb.com/妙.png"}])
def test_json_is_read_again_as_it_was(value: Any) -> None:
    insert(DanmakuData, FORM.columns, rows(danmaku(1, emotes=value or {})))
    assert DanmakuData.objects.get().emotes == (value or None)
    assert DanmakuData.objects.filter(emotes__isnull=True).exists() == (not value)


def test_what_fits_no_column_is_refused() -> None:
    with pytest.raises((OverflowError, DataError)):
        insert(DanmakuData, FORM.columns, rows(danmaku(1, uid=2**63)))


def test_what_is_there_already_is_refused_with_its_whole_batch() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(DanmakuData, FORM.columns, rows(danmaku(1), danmaku(2), danmaku(2)))
    assert not DanmakuData.objects.exists()


def test_nothing_is_asked_of_the_database_for_no_rows(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert(DanmakuData, FORM.columns, [])


@pytest.mark.parametrize("at", [*TIMES, -1, -62_135_596_800_000])
def test_times_are_written_as_the_orm_writes_them(at: int) -> None:
    """To the letter: SQLite compares them as texts."""
    insert(DanmakuData, FORM.columns, rows(danmaku(1)))
    DanmakuData.objects.update(timestamp=moment(at))
    expected = written()
    DanmakuData.objects.all().delete()
    insert(DanmakuData, FORM.columns, rows(msgspec.structs.replace(danmaku(1), at=at)))
    assert written() == expected


def written() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(timestamp AS TEXT) FROM live_data_danmakudata")
        return cursor.fetchone()


@pytest.mark.parametrize("at", [TIMES[-1] + 1, -62_135_596_800_001, 2**62, -(2**62)])
def test_there_is_no_time_beyond_the_calendar(at: int) -> None:
    with pytest.raises(OverflowError):
        utc_text(at)
