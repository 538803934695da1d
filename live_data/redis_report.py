"""What is in Redis, and whether the parts that meet there are well: for the page and at a terminal."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from event_store import rooms, server, sync_lives
from event_store.connect import Redis
from event_store.rooms import CollectorLife
from event_store.server import ServerFacts
from event_store.sync_lives import SyncLife
from live_data import instants, liveness
from live_data.storing import positions


@dataclass(frozen=True, slots=True)
class Problem:
    """What is not as it should be, in a line; ``str()`` is all of it."""

    text: str  #: in the language of whoever asks
    detail: str = ""  #: technical, as the part that has the problem says it

    def __str__(self) -> str:
        return f"{self.text} ({self.detail})" if self.detail else self.text


def keys(client: Redis, pattern: str, limit: int) -> Iterator[server.Key]:
    """Up to ``limit`` keys that match, in no order; never all of a large server at once."""
    return server.keys(client, pattern, limit)


def problems(client: Redis, now: datetime) -> list[Problem]:
    """What is not as it should be, a line each.

    Raises what redis raises, msgspec.DecodeError, and DatabaseError.
    """
    return [*reported(client, now), *holes(client, now)]


def reported(client: Redis, now: datetime) -> list[Problem]:
    """What Redis alone can tell. Raises what redis raises, and msgspec.DecodeError."""
    now_ms = instants.epoch_ms(now)
    lives = _lives(client, now)
    return [
        *_server_problems(server.facts(client)),
        *_sync_problems(sync_lives.together(client), now_ms),
        *_collector_problems(lives, now_ms),
        *_journal_problems(lives),
    ]


def holes(client: Redis, now: datetime) -> list[Problem]:
    """What the log lacks of journals whose collectors are there. Raises as problems() does."""
    return list(_holes(_lives(client, now)))


def _lives(client: Redis, now: datetime) -> dict[str, CollectorLife]:
    found, now_ms = rooms.collectors(client), instants.epoch_ms(now)
    return {
        name: life
        for name, life in found.items()
        if not liveness.is_forgotten(now_ms, life.at, is_waiting=life.is_waiting)
    }


def _server_problems(facts: ServerFacts) -> Iterator[Problem]:
    memory = {"used": facts.used_memory >> 20, "most": facts.max_memory >> 20}
    if facts.is_full:
        said = _("Redis is full: %(used)d of %(most)d MiB; events wait in the journal until there is room")
        yield Problem(said % memory)
    if facts.may_evict:
        said = _(
            "Redis may drop events that are not in the database yet; set its maxmemory-policy to noeviction"
        )
        yield Problem(said, facts.policy)
    if facts.cannot_save:
        yield Problem(_("Redis cannot write its append-only file: is the disk full?"))


def _sync_problems(life: SyncLife | None, now: int) -> Iterator[Problem]:
    if life is None:
        yield Problem(_("no sync has run for long: is `start_sync_scheduler` running?"))
    elif life.problem:
        yield Problem(_("the sync is in trouble"), life.problem)
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
            said = _(
                "collector %(collector)s is silent for %(seconds)d s (one that was taken away is forgotten"
                " after a day)"
            )
            yield Problem(said % {**collector, "seconds": seconds})
        elif seconds := liveness.ahead(now, life.at):
            said = _("collector %(collector)s reported %(seconds)d s in the future: was a clock set?")
            yield Problem(said % {**collector, "seconds": seconds})
        elif life.yields_to:
            said = _(
                "collector %(collector)s waits until %(name)s is silent, which watches the rooms:"
                " is its DATA_DIR the right one?"
            )
            yield Problem(said % {**collector, "name": life.yields_to}, life.problem)
        elif seconds := liveness.waits(life.at, life.started_at, is_waiting=life.is_waiting):
            said = _(
                "collector %(collector)s has waited %(seconds)d s for the sync to say where to go on;"
                " no room is watched until then"
            )
            yield Problem(said % {**collector, "seconds": seconds}, life.problem)
        elif life.problem:
            yield Problem(_("collector %(collector)s is in trouble") % collector, life.problem)


def _journal_problems(lives: Mapping[str, CollectorLife]) -> Iterator[Problem]:
    for name, life in lives.items():
        collector, storage = {"collector": name}, life.storage
        if storage.waiting:
            said = ngettext(
                "the disk refuses the journal of collector %(collector)s; %(count)d record waits in memory",
                "the disk refuses the journal of collector %(collector)s; %(count)d records wait in memory",
                storage.waiting,
            )
            yield Problem(said % {**collector, "count": storage.waiting})
        elif (minutes := liveness.full_within(storage.full_in)) is not None:
            said = _("the disk of the journal of collector %(collector)s is full in about %(minutes)d min")
            yield Problem(said % {**collector, "minutes": minutes})
        if storage.is_over:
            said = _(
                "the journal of collector %(collector)s is larger than its limit (JOURNAL_MAX_GIB);"
                " nothing is deleted before the database has it"
            )
            yield Problem(said % collector)


def _holes(lives: Collection[str]) -> Iterator[Problem]:
    """Of collectors that can still publish again what is missing."""
    said = _(
        "the log lacks bytes %(start)d to %(end)d of collector %(collector)s's journal;"
        " the collector publishes them again"
    )
    for each in positions.committed(lives).values():
        if each.hole_from is not None:
            place = {"start": each.position, "end": each.hole_from, "collector": each.collector}
            yield Problem(said % place)
