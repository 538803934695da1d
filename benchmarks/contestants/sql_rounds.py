"""Rounds of events for contestants that write SQL.

A round is a part of the history's last rows when {"past": rows} is told, else of what follows it: the same
for all. Making it, and putting it where the contestant reads it, is not in the seconds; what follows is.
"""

import gc
import json
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

from benchmarks.history import History
from bilibili_live.events import AnyEvent, Danmaku
from live_data.models import DanmakuData, LiveRoom


class Contestant(Protocol):
    def take(self, events: Sequence[AnyEvent]) -> None:
        """What the next round is about."""
        ...

    def store(self) -> None:
        """All of it, committed."""
        ...


def serve(contestant: Contestant, told: Mapping[str, Any]) -> None:
    """Answer each line of stdin with one of JSON: {"seconds", "cpu", "seen": {"events", "danmaku"}}."""
    history = History()
    rooms = [LiveRoom(room_id=each.room_id, uid=each.uid, uname=each.uname) for each in history.rooms]
    LiveRoom.objects.bulk_create(rooms, ignore_conflicts=True)  # events refer to them
    events = history.past(told["past"]) if "past" in told else history.following()
    for _line in sys.stdin:
        print(json.dumps(_play(contestant, list(islice(events, told["events"])))), flush=True)


def _play(contestant: Contestant, events: list[AnyEvent]) -> dict[str, object]:
    contestant.take(events)
    gc.collect()
    begun, cpu = time.perf_counter(), time.process_time()
    contestant.store()
    seconds, used = time.perf_counter() - begun, time.process_time() - cpu
    seen = {"events": len(events), "danmaku": _stored(events)}
    return {"seconds": seconds, "cpu": used, "seen": seen}


def _stored(events: Sequence[AnyEvent]) -> int:
    """How many of the danmaku are there: whoever leaves some out is no contestant."""
    ids = [event.event_id for event in events if isinstance(event, Danmaku)]
    return DanmakuData.objects.filter(event_id__range=(min(ids), max(ids))).count() if ids else 0
