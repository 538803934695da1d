"""A message without what it said: its structure, with kinds and lengths in place of words and numbers.

Made to be kept and shown: no name, text, uid or token of the message is in it.
"""

import re

import msgspec

from bilibili_live.protocol.message import countable

MOST_BYTES = 4096  #: of the JSON
_MOST_ITEMS = 20  # of one list; info of a danmaku has 18
_DEEPEST = 8
_HARMLESS_KEY = re.compile(r"[A-Za-z_]\w{0,39}\Z", re.ASCII)
_LIKE_AN_ID = re.compile(r"\d{4}")
_CUT = "…"
_ROOM_FOR_CUTS = 256  # brackets that close, and marks of what was left out


def redacted(said: object) -> str:
    """JSON of at most MOST_BYTES of a parsed message; "" when there is none."""
    if said is None:
        return ""
    redaction = _Redaction(MOST_BYTES - _ROOM_FOR_CUTS)
    shown = redaction.of(said, 0)
    if isinstance(said, dict) and isinstance(shown, dict) and isinstance(command := said.get("cmd"), str):
        shown["cmd"] = countable(command.partition(":")[0])
    return msgspec.json.encode(shown).decode()


class _Redaction:
    """Counts what may still be written: once it is spent, only marks follow."""

    def __init__(self, bytes_left: int) -> None:
        self._left = bytes_left

    def of(self, value: object, depth: int) -> object:
        if self._left <= 0 or depth > _DEEPEST:
            return _CUT
        if isinstance(value, dict):
            return self._mapping(value, depth)
        if isinstance(value, list):
            return self._sequence(value, depth)
        return self._spend(_kind(value))

    def _mapping(self, fields: dict[str, object], depth: int) -> dict[str, object]:
        shown: dict[str, object] = {}
        for key, value in fields.items():
            if self._left <= 0:
                shown[_CUT] = _CUT
                break
            name = self._spend(_key(key))
            if name not in shown:  # keys that are ids look alike: the first stands for all
                shown[name] = self.of(value, depth + 1)
        return shown

    def _sequence(self, values: list[object], depth: int) -> list[object]:
        shown: list[object] = []
        for value in values[:_MOST_ITEMS]:
            if self._left <= 0:
                break
            shown.append(self.of(value, depth + 1))
        return shown if len(shown) == len(values) else [*shown, self._spend(_CUT)]

    def _spend(self, text: str) -> str:
        self._left -= len(text) + 4  # quotes, and a comma or a colon
        return text


def _key(key: str) -> str:
    is_harmless = _HARMLESS_KEY.match(key) and not _LIKE_AN_ID.search(key)
    return key if is_harmless else f"key:{len(key)}"


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return f"int:{_digits(value)}"
    if isinstance(value, str):
        return f"str:{len(value)}"
    return "float"


def _digits(number: int) -> int:
    """Of a whole number; Python refuses to write those of more than 4,300 digits."""
    return len(str(abs(number))) if abs(number) < 10**30 else 30
