"""The way that the project was first sketched: the newest of a list, as JSON, bulk_create ignoring conflicts.

One list for all rooms, as long as the round: nothing is lost and nothing is read twice, which is kind to it.
Only danmaku are in such a list here.
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from benchmarks.contestants.bulk_created import TRANSACTION
from benchmarks.contestants.sql_rounds import serve
from bilibili_live.events import AnyEvent, Danmaku
from event_store.connect import client
from live_data.instants import moment
from live_data.models import DanmakuData

_LIST = "benchmark:danmaku"
_COLUMNS = (
    *("room_id", "uid", "username", "message", "medal_name", "medal_level", "user_level", "guard_level"),
    *("wealth_level", "is_admin", "is_vip", "is_mirror", "mode", "color", "dm_type", "sticker_url"),
)


class SeedsWay:
    def __init__(self) -> None:
        self._redis = client(os.environ["REDIS_URL"])
        self._waiting = 0

    def take(self, events: Sequence[AnyEvent]) -> None:
        lines = [_line(event) for event in events if isinstance(event, Danmaku)]
        for start in range(0, len(lines), 1_000):
            self._redis.rpush(_LIST, *lines[start : start + 1_000])
        self._waiting = len(lines)

    def store(self) -> None:
        for _ in range(0, self._waiting, TRANSACTION):
            lines = self._redis.lrange(_LIST, 0, TRANSACTION - 1)
            rows = [_row(json.loads(line)) for line in lines]
            with transaction.atomic():
                DanmakuData.objects.bulk_create(rows, ignore_conflicts=True)
            self._redis.ltrim(_LIST, TRANSACTION, -1)


def _line(event: Danmaku) -> str:
    told = {name: getattr(event, name) for name in _COLUMNS}
    return json.dumps(told | {"id": event.event_id.hex(), "at": event.at, "emotes": event.emotes or None})


def _row(told: dict[str, str]) -> DanmakuData:
    at, event_id = moment(int(told.pop("at"))), bytes.fromhex(told.pop("id"))
    return DanmakuData(event_id=event_id, timestamp=at, received_at=at, stored_at=datetime.now(UTC), **told)


def run(told: Mapping[str, Any]) -> None:
    serve(SeedsWay(), told)
