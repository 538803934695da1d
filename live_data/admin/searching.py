"""What a person types into a search field, as a condition that one index answers."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

MOST_CHARACTERS = 100  #: of a search; each word of it is one more condition
TOO_LONG = _("At most %(most)d characters can be searched for.")

BY_ROOM = _("Search for a room number, such as 22889484.")
BY_USER = _("Search for a user ID, such as uid:7.")
BY_ROOM_OR_USER = _("Search for a room number, such as 22889484, or for a user ID, such as uid:7.")
BY_ROOM_OR_EVENT = _("Search for a room number, such as 22889484, or for an event ID of 32 digits.")
BY_ROOM_USER_OR_EVENT = _(
    "Search for a room number, such as 22889484, a user ID, such as uid:7, or an event ID of 32 digits."
)

_EVENT = re.compile(r"[0-9a-f]{32}\Z", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<uid>uid:)?(?P<digits>[0-9]{1,19})\Z", re.IGNORECASE)
_INT64 = 2**63


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows whose column ``field`` is exactly ``value``."""

    field: str  #: "room_id", "uid" or "event_id"
    value: int | bytes


def wanted(typed: str) -> Wanted | None:
    """None: it is none of the three."""
    text = typed.strip()
    if _EVENT.match(text):
        return Wanted("event_id", bytes.fromhex(text))
    found = _NUMBER.match(text)
    if found is None or int(found["digits"]) >= _INT64:
        return None
    return Wanted("uid" if found["uid"] else "room_id", int(found["digits"]))
