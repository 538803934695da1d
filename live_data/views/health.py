"""How the parts of the system are, in words: what is wrong and when it is tried again. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from event_store.rooms import CollectorLife, RoomConnection
from event_store.server import ServerFacts
from event_store.sync_lives import SyncLife
from live_data import causes, liveness
from live_data.causes import NOT_LIVE
from live_data.inspection import connections as reach

OK, WARN, BAD = "ok", "warn", "bad"

WAITING = "waiting"

_LATE = 10_000  #: ms that the sync may be behind before it is worth a word
_BACKLOG = 256 * 1024  #: bytes of journal that may wait for the log

_STATES: Mapping[str, Promise] = {
    "covered": gettext_lazy("Connected"),
    "degraded": gettext_lazy("Partly"),
    "blind": gettext_lazy("Not connected"),
    "unknown": gettext_lazy("Unknown: no collector has been heard of since"),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One word of the health line."""

    part: str  #: "redis", "collector", "sync", "journal", "network"
    level: str  #: "ok", "warn", "bad"
    text: str  #: whole sentences in the visitor's language
    detail: str = ""  #: technical, as the part itself says it; no language's


def connection_words(connection: RoomConnection | None, *, is_redis_there: bool) -> str:
    """What a person should know of a room's connection, without the times."""
    if connection is None and not is_redis_there:
        return _("Unknown while Redis is away.")
    if connection is None:
        return _("No collector speaks of this room yet; one does within seconds.")
    if connection.cause == NOT_LIVE:
        return _("Waits until it is live")
    return coverage_words(connection.state, connection.cause)


def coverage_words(state: str, cause: str) -> str:
    """Of a room at some time."""
    if cause == NOT_LIVE:
        return _("Waits until it is live")
    name = str(_STATES.get(state, _STATES["blind"]))
    return f"{name}: {causes.words(cause)}" if cause else name


def shown_state(connection: RoomConnection | None) -> str:
    """Its state as coverage_state() has it, or "unknown"."""
    return "unknown" if connection is None else coverage_state(connection.state, connection.cause)


def coverage_state(state: str, cause: str) -> str:
    """Of a room at some time; "waiting" when it was left unconnected on purpose."""
    return WAITING if cause == NOT_LIVE else state


def connection_detail(connection: RoomConnection | None) -> str:
    """What the site or the system said; with the cause where it has no words of ours."""
    if connection is None:
        return ""
    return coverage_detail(connection.cause, connection.detail)


def coverage_detail(cause: str, detail: str) -> str:
    """What there is to say beside coverage_words(), which say all of a guest and of a room that waits."""
    if cause in ("guest", NOT_LIVE):
        return ""
    return ": ".join(part for part in ("" if cause in causes.WORDS else cause, detail) if part)


def not_watched_words(is_paused: bool) -> str:
    """Of a room that no collector has to speak of."""
    return _("Paused") if is_paused else _("Not watched any more")


def redis_sign(facts: ServerFacts) -> Sign:
    valkey = facts.valkey_version
    name = f"Valkey {valkey}" if valkey else f"Redis {facts.redis_version}"
    if facts.is_full:
        text = _(
            "Redis: full. Events wait in the journal until the sync has made room, and nothing is lost; "
            "if it stays so, raise its maxmemory."
        )
        return Sign("redis", BAD, text, f"{facts.used_memory >> 20} / {facts.max_memory >> 20} MiB")
    if facts.cannot_save:
        text = _("Redis: cannot write its file, and takes nothing; is the disk full? The journal carries on.")
        return Sign("redis", BAD, text, name)
    return Sign("redis", OK, _("Redis: connected"), name)


def redis_away(detail: str) -> Sign:
    text = _(
        "Redis does not answer; start it with `make run`, or set REDIS_URL. "
        "Live display resumes by itself; it is tried again every few seconds."
    )
    return Sign("redis", BAD, text, detail)


def muffled(signs: Iterable[Sign], facts: ServerFacts) -> list[Sign]:
    """While Redis takes nothing, no part can report: that is no silence of theirs."""
    if not (facts.is_full or facts.cannot_save):
        return list(signs)
    words = {
        "collector": _("Collector: cannot report while Redis takes nothing."),
        "sync": _("Sync: cannot report while Redis takes nothing."),
    }
    return [
        Sign(sign.part, WARN, words[sign.part]) if sign.level != OK and sign.part in words else sign
        for sign in signs
    ]


def collector_signs(now: int, collectors: Mapping[str, CollectorLife]) -> list[Sign]:
    """``now`` in epoch ms."""
    present = [
        life
        for life in collectors.values()
        if not liveness.is_forgotten(now, life.at, is_waiting=life.is_waiting)
    ]
    if not present:
        return [Sign("collector", WARN, _("Collector: not started yet; it reports within seconds."))]
    return [sign for life in present for sign in (_collector(now, life), _journal(life))]


def _collector(now: int, life: CollectorLife) -> Sign:
    if seconds := liveness.silence(now, life.at):
        text = _("Collector: silent for %(seconds)d s; it is started again by itself.")
        return Sign("collector", BAD, text % {"seconds": seconds})
    if seconds := liveness.ahead(now, life.at):
        text = _("Collector: its last word is dated %(seconds)d s in the future; was a clock set?")
        return Sign("collector", BAD, text % {"seconds": seconds})
    if life.yields_to:
        text = _(
            "Collector: a second one waits until %(name)s is silent, which watches the rooms. "
            "Is its DATA_DIR the right one?"
        )
        return Sign("collector", WARN, text % {"name": life.yields_to}, life.problem)
    if seconds := _waits(life):
        text = _(
            "Collector: has waited %(seconds)d s for the sync to say where to go on; "
            "no room is watched until then."
        )
        return Sign("collector", BAD, text % {"seconds": seconds}, life.problem)
    if life.problem:
        return Sign("collector", WARN, _("Collector: in trouble; it goes on by itself."), life.problem)
    text = ngettext("Collector: %(rooms)d room", "Collector: %(rooms)d rooms", life.rooms)
    return Sign("collector", OK, text % {"rooms": life.rooms})


def _journal(life: CollectorLife) -> Sign:
    storage = life.storage
    if storage.waiting:
        text = ngettext(
            "Journal: the disk refuses it; %(count)d record waits in memory until there is room.",
            "Journal: the disk refuses it; %(count)d records wait in memory until there is room.",
            storage.waiting,
        )
        return Sign("journal", BAD, text % {"count": storage.waiting})
    if (minutes := liveness.full_within(storage.full_in)) is not None:
        text = _(
            "Journal: the disk is full in about %(minutes)d min; after that, nothing more can be recorded."
        )
        return Sign("journal", BAD, text % {"minutes": minutes})
    if storage.is_over:
        text = _("Journal: larger than its limit; nothing is deleted before the database has it.")
        return Sign("journal", WARN, text)
    if _waits(life):
        return Sign(
            "journal", WARN, _("Journal: nothing is written before the collector knows where to go on.")
        )
    waiting = life.journal_position - life.published_position
    if waiting > _BACKLOG:
        text = _("Journal: %(kib)d KiB wait on disk until Redis takes them; nothing is lost.")
        return Sign("journal", WARN, text % {"kib": waiting // 1024})
    return Sign("journal", OK, _("Journal: complete"))


def _waits(life: CollectorLife) -> int:
    return liveness.waits(life.at, life.started_at, is_waiting=life.is_waiting)


def network_signs(now: int, connections: Collection[RoomConnection], suspicion: str = "") -> list[Sign]:
    """One when no room can be reached: then it is the way to the site, and not a room; or when the site
    refuses us as a whole. ``now`` in epoch ms; ``suspicion``: whole sentences on why it may refuse us.
    """
    outage = reach.outage(now, connections)
    if reach.is_refused(connections):
        text = _(
            "Bilibili's risk control refused us; it is left alone for a while, and rooms that are cut "
            "come back after that. Opening a room in a browser on this network may help."
        )
        return [Sign("network", BAD if outage else WARN, f"{text} {suspicion}".strip())]
    if reach.is_cut_off(connections):
        text = _(
            "Bilibili cannot be reached; every room is tried again by itself. "
            "Without a network, `make demo` shows everything with a simulated site."
        )
        return [Sign("network", BAD, text)]
    return [Sign("network", BAD, outage.text, outage.detail and f"({outage.detail})")] if outage else []


def sync_sign(now: int, life: SyncLife | None) -> Sign:
    """``now`` in epoch ms."""
    if life is None:
        return Sign("sync", WARN, _("Sync: not started yet; events wait in Redis."))
    if life.problem:
        return Sign("sync", BAD, _("Sync: in trouble; it is tried again by itself."), life.problem)
    if seconds := liveness.silence(now, life.at, life.interval):
        text = _("Sync: last step %(seconds)d s ago; events wait in Redis until it goes on.")
        return Sign("sync", WARN, text % {"seconds": seconds})
    if seconds := liveness.ahead(now, life.at):
        text = _("Sync: its last word is dated %(seconds)d s in the future; was a clock set?")
        return Sign("sync", WARN, text % {"seconds": seconds})
    if life.behind > _LATE + life.interval * 1000:
        text = _("Sync: %(seconds)d s behind, catching up.")
        return Sign("sync", WARN, text % {"seconds": life.behind // 1000})
    return Sign("sync", OK, _("Sync: up to date"))
