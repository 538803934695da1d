"""Lenient picking from messages whose every field may be missing, null or of another type.

Must not know any command. Optional fields fall back; fields that carry money, identity or time
raise Rejected with a stable reason, and so does a number that no column could hold.
"""

import json
import re
from typing import TypeAlias

import msgspec

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Fields: TypeAlias = "dict[str, Json]"

_INT64 = 2**63
_INT32 = 2**31
#: Gold of one message (CNY 1e12). Below 64 bits on purpose: sums of it must fit as well.
MAX_GOLD = 10**15
EARLIEST_MS = 1_230_768_000_000  # 2009, the year of the site's founding
LATEST_MS = 4_102_444_800_000  # 2100
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}\Z")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Rejected(Exception):
    """A message that cannot become an event; ``str()`` is the stable reason."""


def load(body: bytes) -> Json:
    """Parse JSON. The fast parser is strict; what it refuses gets a second, forgiving reading."""
    try:
        return msgspec.json.decode(body)  # type: ignore[no-any-return]  # the JSON boundary
    except RecursionError:
        raise Rejected("nested too deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _load_forgiving(body)


def _load_forgiving(body: bytes) -> Json:
    """Takes lone surrogates and invalid UTF-8, which people do send; clean() replaces them."""
    try:
        return json.loads(body.decode("utf-8", "replace"))  # type: ignore[no-any-return]  # as above
    except RecursionError:
        raise Rejected("nested too deep") from None
    except ValueError:
        raise Rejected("not JSON") from None


def load_nested(value: Json) -> Fields:
    """An object that was sent as a JSON string, or plainly; {} when it is neither."""
    if not isinstance(value, str):
        return mapping(value)
    try:
        return mapping(load(value.encode("utf-8", "replace")))
    except Rejected:
        return {}


def clean(text: str) -> str:
    """Make text storable: NUL -> U+2400, lone surrogate -> U+FFFD. Nothing else is touched."""
    if text.isprintable() or not _UNSTORABLE.search(text):  # the first is the faster; some are neither
        return text
    return _UNSTORABLE.sub(lambda found: "\u2400" if found[0] == "\0" else "\ufffd", text)


def mapping(value: Json) -> Fields:
    return value if isinstance(value, dict) else {}


def sequence(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def item(values: list[Json], index: int) -> Json:
    return values[index] if index < len(values) else None


def text(value: Json) -> str:
    """A string, cleaned; a number in its digits; a list or object as JSON; else empty."""
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return str(value) if abs(value) < _INT64 else ""
    return clean(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def name(value: Json) -> str | None:
    """A name that may be missing: None, not an empty string."""
    return text(value) or None


def integer(value: Json) -> int | None:
    """Any form a whole number comes in (7, 7.0, "7", true), of any size; None for the rest."""
    if type(value) is int:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and _NUMBER.match(value):
        return int(value)
    return None


def small(value: Json, default: int = 0) -> int:
    """A level, a colour, a mode: the default when it is no number or beyond 32 bits."""
    number = value if type(value) is int else integer(value)
    return number if number is not None and -_INT32 <= number < _INT32 else default


def bounded(number: int, limit: int = _INT64) -> int:
    if not -limit <= number < limit:
        raise Rejected("number out of range")
    return number


def whole(fields: Fields, key: str) -> int:
    """A number that the event cannot do without."""
    number = integer(fields.get(key))
    if number is None:
        raise Rejected(f"missing {key}")
    return bounded(number)


def amount(fields: Fields, key: str) -> int:
    """Gold or silver: present, not negative, small enough to be added up."""
    return gold(whole(fields, key))


def gold(number: int) -> int:
    if not 0 <= number <= MAX_GOLD:
        raise Rejected("number out of range")
    return number


def count(value: Json) -> int:
    """How many: 1 when it is not said."""
    number = value if type(value) is int else integer(value)
    if number is None:
        return 1
    if not 0 <= number < _INT32:
        raise Rejected("number out of range")
    return number


def uid(value: Json) -> int | None:
    """A person; None for a guest's view (0 or absent). A uid of another kind is no person at all."""
    if value is None or value == "":
        return None
    number = value if type(value) is int else integer(value)
    if number is None or number < 0:
        raise Rejected("bad uid")
    return bounded(number) or None


def word(fields: Fields, key: str) -> str:
    """A text that the event cannot do without, such as a tid."""
    found = text(fields.get(key))
    if not found:
        raise Rejected(f"missing {key}")
    return found


def seconds(fields: Fields, key: str) -> int:
    """A time in seconds that the event cannot do without, as ms."""
    return moment(whole(fields, key) * 1000)


def moment(ms: int) -> int:
    """A time in ms, refused when the site did not exist yet or the century is over."""
    if not is_moment(ms):
        raise Rejected("bad time")
    return ms


def is_moment(ms: int) -> bool:
    return EARLIEST_MS <= ms < LATEST_MS
