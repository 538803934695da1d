"""What is in Redis, and whether the parts that meet there are well: for the page and at a terminal."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from event_store import rooms, server
from event_store.connect import Redis
from event_store.rooms import CollectorLife, SyncLife
from live_data import instants, liveness
from live_data.models import JournalPosition


@dataclass(frozen=True, slots=True)
class Problem:
    """What is not as it should be, in a line; ``str()`` is all of it."""

    text: str  #: in the language of whoever asks
    detail: str = ""  #: technical, as the part that has the problem says it

    def __str__(self) -> str:
        return f"{self.text} {self.detail}".strip()


def keys(client: Redis, pattern: str, limit: int) -> Iterator[server.Key]:
    """Up to ``limit`` keys that match, in no order; never all of a large server at once."""
    return server.keys(client, pattern, limit)


def problems(client: Redis, now: datetime) -> list[Problem]:
    """What is not as it should be, a line each. Raises what redis raises, and msgspec.DecodeError."""
    now_ms = instants.epoch_ms(now)
    collectors = rooms.collectors(client)
    lives = {name: life for name, life in collectors.items() if not liveness.is_forgotten(now_ms, life.at)}
    return [
        *_sync_problems(rooms.sync_life(client), now_ms),
        *_collector_problems(lives, now_ms),
        *_holes(lives),
    ]


def _sync_problems(life: SyncLife | None, now: int) -> Iterator[Problem]:
    if life is None:
        yield Problem(_("no sync has run for long: is `start_sync_scheduler` running?"))
    elif life.problem:
        yield Problem(_("sync:"), life.problem)
    elif seconds := liveness.silence(now, life.at, life.interval):
        said = _("the last sync was %(seconds)d s ago: is `start_sync_scheduler` running?")
        yield Problem(said % {"seconds": seconds})
    elif seconds := liveness.ahead(now, life.at):
        said = _("the last sync is dated %(seconds)d s in the future: was a clock set?")
        yield Problem(said % {"seconds": seconds})


def _collector_problems(lives: Mapping[str, CollectorLife], now: int) -> Iterator[Problem]:
    if not lives:
        yield Problem(_("no collector has reported: is `python -m collector` running?"))
    for name, life in lives.items():
        collector = {"collector": name}
        if seconds := liveness.silence(now, life.at):
            said = _("collector %(collector)s is silent for %(seconds)d s")
            yield Problem(said % {**collector, "seconds": seconds})
        elif seconds := liveness.ahead(now, life.at):
            said = _("collector %(collector)s reported %(seconds)d s in the future: was a clock set?")
            yield Problem(said % {**collector, "seconds": seconds})
        elif life.problem:
            yield Problem(_("collector %(collector)s:") % collector, life.problem)


def _holes(lives: Collection[str]) -> Iterator[Problem]:
    """Of collectors that can still publish again what is missing."""
    said = _(
        "the log lacks bytes %(start)d to %(end)d of collector %(collector)s's journal;"
        " the collector publishes them again"
    )
    for row in JournalPosition.objects.filter(collector__in=list(lives)).exclude(hole_from=None):
        place = {"start": row.position, "end": row.hole_from, "collector": row.collector}
        yield Problem(said % place)
