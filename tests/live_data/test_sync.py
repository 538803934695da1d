"""From the log to SQL: every event exactly once, whatever is delivered again."""

import pytest

from live_data import sync
from live_data.models import DanmakuData, EventCount, GiftData, MinuteCount
from tests.live_data.conftest import Log, assert_balanced
from tests.made import ROOM, batch, danmaku, gift

pytestmark = pytest.mark.django_db(transaction=True)


def counted(room_id: int = ROOM) -> dict[str, int]:
    rows = EventCount.objects.filter(room_id=room_id)
    return {f"{row.outcome} {row.name}".strip(): row.count for row in rows}


def test_what_is_in_the_log_is_in_sql_after_one_step(log: Log) -> None:
    log.append(batch([danmaku(1), danmaku(2), gift(1)]))
    step = sync.step(log.redis)
    assert (step.entries, step.received, step.is_drained) == (1, 3, True)
    assert sorted(DanmakuData.objects.values_list("message", flat=True)) == ["第1条", "第2条"]
    [row] = GiftData.objects.all()
    assert (row.gold, row.uid, row.gift_name) == (100, 1001, "小花花")
    assert sum(MinuteCount.objects.values_list("danmaku", flat=True)) == 2
    assert counted() == {"received": 3, "stored": 3}
    assert_balanced()


def test_what_is_delivered_again_is_counted_as_duplicate(log: Log) -> None:
    log.append(batch([danmaku(1), danmaku(1), danmaku(2)]))
    sync.step(log.redis)
    log.append(batch([danmaku(2), danmaku(3)], journal=(100, 200)))
    sync.step(log.redis)
    assert counted() == {"received": 5, "stored": 3, "duplicate": 2}
    assert sum(MinuteCount.objects.values_list("danmaku", flat=True)) == 3
    assert_balanced()
