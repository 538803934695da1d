"""How the parts of the system are, in words: what is wrong and when it is tried again. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from event_store.rooms import CollectorLife, RoomConnection, SyncLife
from live_data import liveness

OK, WARN, BAD = "ok", "warn", "bad"

_LATE = 10_000  #: ms that the sync may be behind before it is worth a word
_BACKLOG = 256 * 1024  #: bytes of journal that may wait for the log

_CAUSES: Mapping[str, Promise] = {
    "guest": gettext_lazy("as a guest, limited by the site"),
    "connecting": gettext_lazy("connecting"),
    "connection lost": gettext_lazy("the connection was lost"),
    "connection ended": gettext_lazy("the connection ended"),
    "silence": gettext_lazy("nothing arrived for too long"),
    "authentication rejected": gettext_lazy("the site rejected our authentication"),
    "unreachable": gettext_lazy("the site cannot be reached"),
    "site error": gettext_lazy("the site answered with an error"),
    "refused": gettext_lazy("the site refused"),
    "room does not exist": gettext_lazy("the room does not exist"),
    "room is locked": gettext_lazy("the room is locked"),
    "risk control": gettext_lazy("the site's risk control stopped us; a longer pause follows"),
    "not logged in": gettext_lazy("the account is no longer logged in"),
    "unexpected answer": gettext_lazy("the site answered something unexpected"),
    "collector was not running": gettext_lazy("the collector was not running"),
    "collector was stopped": gettext_lazy("the collector was stopped"),
    "not watched": gettext_lazy("the room is not watched any more"),
    "collector error": gettext_lazy("the collector itself failed; it tries again by itself"),
}
_OTHER_CAUSE = gettext_lazy("for a reason that this version does not know")
_STATES: Mapping[str, Promise] = {
    "covered": gettext_lazy("Connected"),
    "degraded": gettext_lazy("Partly"),
    "blind": gettext_lazy("Not connected"),
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
    state = str(_STATES.get(connection.state, _STATES["blind"]))
    if not connection.cause:
        return state
    return f"{state}: {_CAUSES.get(connection.cause, _OTHER_CAUSE)}"


def connection_detail(connection: RoomConnection | None) -> str:
    """What the site or the system said; with the cause where it has no words of ours."""
    if connection is None:
        return ""
    cause = "" if connection.cause in _CAUSES else connection.cause
    return ": ".join(part for part in (cause, connection.detail) if part)


def not_watched_words(is_paused: bool) -> str:
    """Of a room that no collector has to speak of."""
    return _("Paused") if is_paused else _("Not watched any more")


def redis_sign(versions: Mapping[str, str]) -> Sign:
    valkey = versions["valkey_version"]
    name = f"Valkey {valkey}" if valkey else f"Redis {versions['redis_version']}"
    return Sign("redis", OK, _("Redis: connected"), name)


def redis_away(detail: str) -> Sign:
    text = _(
        "Redis does not answer; start it with `make run`, or set REDIS_URL. "
        "Live display resumes by itself; it is tried again every few seconds."
    )
    return Sign("redis", BAD, text, detail)


def collector_signs(now: int, collectors: Mapping[str, CollectorLife]) -> list[Sign]:
    """``now`` in epoch ms."""
    present = [life for life in collectors.values() if not liveness.is_forgotten(now, life.at)]
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
    if life.problem:
        return Sign("collector", WARN, _("Collector: in trouble; it goes on by itself."), life.problem)
    text = ngettext("Collector: %(rooms)d room", "Collector: %(rooms)d rooms", life.rooms)
    return Sign("collector", OK, text % {"rooms": life.rooms})


def _journal(life: CollectorLife) -> Sign:
    waiting = life.journal_position - life.published_position
    if waiting > _BACKLOG:
        text = _("Journal: %(kib)d KiB wait on disk until Redis takes them; nothing is lost.")
        return Sign("journal", WARN, text % {"kib": waiting // 1024})
    return Sign("journal", OK, _("Journal: complete"))


def network_signs(connections: Collection[RoomConnection]) -> list[Sign]:
    """One when no room can be reached: then it is the way to the site, and not a room."""
    if not connections or any(each.cause != "unreachable" for each in connections):
        return []
    text = _(
        "Bilibili cannot be reached; every room is tried again by itself. "
        "Without a network, `make demo` shows everything with a simulated site."
    )
    return [Sign("network", BAD, text)]


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
