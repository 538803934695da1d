"""What changed in how a room describes itself, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from live_data.models import RoomDescription

TITLE, AREA, COVER, NAME = "title", "area", "cover", "name"


@dataclass(frozen=True, slots=True)
class Difference:
    what: str  #: "title", "area", "cover" or "name"
    before: str  #: empty: not known
    now: str


@dataclass(frozen=True, slots=True)
class Change:
    since: datetime
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Changes:
    listed: list[Change]
    next: datetime | None  #: older ones are those before this moment; None = there are none


def changes(room_id: int, before: datetime | None, limit: int) -> Changes:
    """Up to ``limit`` of them, all before the moment ``before``; the oldest one of all is how it began."""
    rows = RoomDescription.objects.filter(room_id=room_id).order_by("-since")
    if before is not None:
        rows = rows.filter(since__lt=before)
    found = list(rows[: limit + 1])
    listed = [
        Change(row.since, list(_differences(found[place + 1] if place + 1 < len(found) else None, row)))
        for place, row in enumerate(found[:limit])
    ]
    return Changes(listed, found[limit - 1].since if len(found) > limit else None)


def _differences(older: RoomDescription | None, row: RoomDescription) -> Iterator[Difference]:
    known, now = _texts(older) if older else {}, _texts(row)
    for what, text in now.items():
        if text and text != known.get(what, ""):
            yield Difference(what, known.get(what, ""), text)


def _texts(row: RoomDescription) -> dict[str, str]:
    area = " · ".join(part for part in (row.parent_area_name, row.area_name) if part)
    return {TITLE: row.title, AREA: area, COVER: row.cover, NAME: row.uname}
