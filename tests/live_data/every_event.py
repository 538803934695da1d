"""An event of any type with something in every field: a test of all types forgets no field that is added."""

from typing import Any

import msgspec

from bilibili_live.events import event_id
from tests.made import DELAY, ROOM


def told(event_type: type[Any], at: int, text: str = "内容") -> Any:
    """At ``at`` (ms); numbers are small and differ, texts begin with the field's name."""
    given: dict[str, Any] = {
        "event_id": event_id(at, ROOM, event_type.kind, text),
        "room_id": ROOM,
        "at": at,
        "received_at": at - DELAY,
    }
    fields = msgspec.structs.fields(event_type)
    values = {each.name: _value(each, number, text) for number, each in enumerate(fields, 1)}
    return event_type(**(values | given))


def _value(field: msgspec.structs.FieldInfo, number: int, text: str) -> Any:
    kinds = str(field.type)
    if "dict" in kinds:
        return {text: number if "int" in kinds else text}
    if "list" in kinds:
        return [number, number + 1]
    if "str" in kinds:
        return f"{field.name} {text}"
    return True if "bool" in kinds else number
