"""Of several messages about one event, which is kept; and what SQL has of them already."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from bilibili_live.events import AnyEvent
from live_data.models.event_row import EventRow
from live_data.revenue import COPY

_CHUNK = 500  # event_ids of one query


class Worth(NamedTuple):
    """Of two messages about one event, the greater one is kept; of equal ones, the first."""

    parser_version: int
    is_original: bool  #: no copy that opens no purchase, and not mirrored from another room
    is_known: bool  #: the person by uid: a guest's connection is told a mask of the same event
    is_translated: bool  #: of a super chat, which is told once with its translation and once without


#: What is looked at, and what counts where there is no such thing.
_LOOKED_AT: dict[str, object] = {"source": 0, "is_mirror": False, "uid": 0, "message_trans": ""}


def worth(event: AnyEvent, parser_version: int) -> Worth:
    said = {name: getattr(event, name, usual) for name, usual in _LOOKED_AT.items()}
    return _judged(parser_version, said)


def stored(table: type[EventRow], event_ids: Collection[bytes]) -> Iterator[tuple[bytes, Worth]]:
    """Those of the events that are in the table."""
    columns = {field.name for field in table._meta.concrete_fields}
    names = [name for name in _LOOKED_AT if name in columns]
    wanted = _not_newer_than_all(table, event_ids)
    for start in range(0, len(wanted), _CHUNK):
        rows = table._default_manager.filter(event_id__in=wanted[start : start + _CHUNK])
        for event_id, version, *values in rows.values_list("event_id", "parser_version", *names):
            yield bytes(event_id), _judged(version, _LOOKED_AT | dict(zip(names, values, strict=True)))


def _not_newer_than_all(table: type[EventRow], event_ids: Collection[bytes]) -> list[bytes]:
    """Most events are newer than all that is stored, and ids sort by time: one look spares the search."""
    newest = table._default_manager.order_by("-event_id").values_list("event_id", flat=True).first()
    return [] if newest is None else [each for each in event_ids if each <= bytes(newest)]


def _judged(version: int, said: Mapping[str, object]) -> Worth:
    is_original = said["source"] != COPY and not said["is_mirror"]
    return Worth(version, is_original, said["uid"] is not None, said["message_trans"] != "")
