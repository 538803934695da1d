"""Migrations that move data."""

from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from live_data.instants import moment
from live_data.models import DanmakuData, RollupCalendar
from live_data.models.person_index import of_people
from tests.live_data.rollups_of_rows import of_rows, stored
from tests.live_data.test_rollups import HOUR, at, keep
from tests.made import AT, ROOM, danmaku, gift


@pytest.mark.only_on("sqlite")  # no version before 0010 could write to a PostgreSQL
@pytest.mark.django_db(transaction=True)
def test_revenue_by_kind_is_filled_in_from_the_rows() -> None:
    executor = MigrationExecutor(connection)
    try:
        before = executor.migrate([("live_data", "0001_initial")]).apps
        before.get_model("live_data", "LiveRoom").objects.create(room_id=ROOM)
        minute = moment(AT).replace(second=0, microsecond=0)
        before.get_model("live_data", "MinuteCount").objects.create(
            room_id=ROOM, minute=minute, gifts=2, super_chats=1, gold=30_300
        )
        common = {"room_id": ROOM, "timestamp": moment(AT), "received_at": moment(AT), "username": "a"}
        _rows(before, minute, common)
        executor = MigrationExecutor(connection)
        after = executor.migrate([("live_data", "0002_gold_by_kind")]).apps
        [row] = after.get_model("live_data", "MinuteCount").objects.all()
        assert (row.gift_gold, row.super_chat_gold, row.guard_gold, row.gold) == (300, 30_000, 0, 30_300)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


def _rows(apps: object, minute: datetime, common: dict[str, object]) -> None:
    get = apps.get_model  # type: ignore[attr-defined]  # the state of old models
    gifts = get("live_data", "GiftData").objects
    gifts.create(event_id=b"a" * 16, gift_name="g", gift_id=1, gold=100, **common)
    gifts.create(event_id=b"b" * 16, gift_name="g", gift_id=1, gold=200, **common)
    get("live_data", "SuperChatData").objects.create(
        event_id=b"c" * 16, super_chat_id=1, message="m", price=30, gold=30_000, end_time=minute, **common
    )


@pytest.mark.django_db(transaction=True)
def test_what_was_stored_before_there_were_days_waits_for_a_rebuild() -> None:
    executor = MigrationExecutor(connection)
    try:
        before = executor.migrate([("live_data", "0009_dead_letter")]).apps
        before.get_model("live_data", "LiveRoom").objects.create(room_id=ROOM)
        minute = moment(AT).replace(second=0, microsecond=0)
        before.get_model("live_data", "MinuteCount").objects.create(room_id=ROOM, minute=minute, gifts=2)
        executor = MigrationExecutor(connection)
        after = executor.migrate([("live_data", "0011_days")]).apps
        assert not after.get_model("live_data", "RollupCalendar").objects.get().is_whole
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_rooms_of_people_come_from_their_days_and_danmaku_are_found_by_person() -> None:
    lines = [at(danmaku(number, uid=number % 3), number * 9 * HOUR) for number in range(9)]
    keep(*lines, at(gift(20, uid=2), 99 * HOUR), danmaku(30, ROOM + 1, uid=1))
    before = stored()
    try:
        MigrationExecutor(connection).migrate([("live_data", "0020_partitions_of_rooms")])
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    # The days of gifts came later than the gifts.
    assert not RollupCalendar.objects.get().is_whole
    assert stored()[:-1] == before[:-1]
    call_command("rebuild_rollups")
    assert stored() == before == of_rows()
    assert RollupCalendar.objects.get().is_whole
    assert {row.uid for row in of_people(DanmakuData.objects.all(), [1])} == {1}
    assert of_people(DanmakuData.objects.all(), [1]).count() == 4
    keep(danmaku(40, uid=1))
    assert stored() == of_rows()
