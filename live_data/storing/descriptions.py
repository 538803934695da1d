"""How rooms describe themselves, a row for each change. The order in which it is heard does not matter.

What is heard is a step function of time: the same once more adds nothing, and an old word only what was
not known of its own time.
"""

from collections.abc import Iterable

from bilibili_live.events import RoomInfo, RoomState
from live_data.instants import moment
from live_data.models import RoomDescription
from live_data.storing import polled_states

_BEGINNING = moment(0)
TEXTS = ("title", "uname", "area_name", "parent_area_name", "cover", "face")
_OF_CHANGE = ("title", "area_name", "parent_area_name")
#: Not every answer of the site has these: empty means unsaid.
_MAYBE_UNSAID = frozenset({"uname", "cover", "face"})


def keep(said: Iterable[RoomInfo | RoomState]) -> None:
    """Their rooms have a row. Raises OverflowError for a time beyond the calendar."""
    for each in sorted(said, key=lambda event: event.at):
        if texts := _texts(each):
            _keep(each, texts)


def _texts(said: RoomInfo | RoomState) -> dict[str, str]:
    if isinstance(said, RoomInfo):
        told = {name: getattr(said, name) for name in TEXTS}
        return {name: text for name, text in told.items() if text or name not in _MAYBE_UNSAID}
    if said.what != "change":
        return {}
    return {name: text for name in _OF_CHANGE if (text := getattr(said, name))}


def _keep(said: RoomInfo | RoomState, texts: dict[str, str]) -> None:
    at = moment(said.at)
    rows = RoomDescription.objects.filter(room_id=said.room_id)
    before = rows.filter(since__lte=at).order_by("-since").first()
    known = {name: getattr(before, name) if before else "" for name in TEXTS}
    if before is not None and {**known, **texts} == known:
        return
    RoomDescription.objects.update_or_create(
        room_id=said.room_id, since=at, defaults=(now := {**known, **texts})
    )
    after = rows.filter(since__gt=at).order_by("since").first()
    if before is None:  # sessions that were before all of them have the first one's title
        polled_states.mark([(said.room_id, _BEGINNING)])
    if after is not None and all(getattr(after, name) == now[name] for name in TEXTS):
        after.delete()  # it began earlier than was known
