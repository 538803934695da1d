"""Whether any room is connected that should be: one place decides it for pages, health and terminal.

Knows what collectors say of their rooms, and nothing of the site.
"""

from collections import Counter
from collections.abc import Collection

from django.utils.translation import gettext as _

from event_store import rooms
from event_store.rooms import RoomConnection
from live_data import causes, tasks
from live_data.causes import NOT_LIVE
from live_data.redis_access import Client
from live_data.redis_report import Problem

_PATIENCE = 60_000  #: ms that connecting, or connecting anew, may take
_REFUSED = "risk control"
_UNREACHABLE = "unreachable"


def look(client: Client) -> dict[int, RoomConnection]:
    """The rooms to be watched of which a living collector speaks. Raises what redis raises."""
    return rooms.connections(client, tasks.desired_rooms())


def outage(now: int, connections: Collection[RoomConnection]) -> Problem | None:
    """Every room is blind for longer than it may be, by whatever cause; ``now`` in epoch ms.

    Those that wait until they are live, and those that were just begun, do not count.
    """
    counted = [each for each in _wanted(connections) if not _just_begun(now, each)]
    if not counted:
        return None
    blind = min(_blind(now, each) for each in counted)
    if blind <= _PATIENCE:
        return None
    cause, detail = _most_frequent(counted)
    said = _("Watched rooms: none has been connected for %(seconds)d s: %(cause)s")
    return Problem(said % {"seconds": blind // 1000, "cause": causes.words(cause)}, detail)


def is_refused(connections: Collection[RoomConnection]) -> bool:
    """The site's risk control refuses us: it does so for all rooms."""
    return any(each.cause == _REFUSED for each in connections)


def is_cut_off(connections: Collection[RoomConnection]) -> bool:
    """No room reaches the site, from the first moment on."""
    wanted = _wanted(connections)
    return bool(wanted) and all(each.cause == _UNREACHABLE for each in wanted)


def _wanted(connections: Collection[RoomConnection]) -> list[RoomConnection]:
    return [each for each in connections if each.cause != NOT_LIVE]


def _just_begun(now: int, connection: RoomConnection) -> bool:
    return connection.cause == "connecting" and _blind(now, connection) <= _PATIENCE


def _blind(now: int, connection: RoomConnection) -> int:
    """ms; 0 = it is not."""
    if connection.state != "blind":
        return 0
    return max(0, now - (connection.blind_since or connection.since))


def _most_frequent(blind: Collection[RoomConnection]) -> tuple[str, str]:
    """The cause, and what is said of one room that has it."""
    cause = Counter(each.cause for each in blind).most_common(1)[0][0]
    return cause, next((each.detail for each in blind if each.cause == cause and each.detail), "")
