"""``info[0][15].extra`` of a danmaku: a JSON object inside a JSON string, a third of the message.

Must not know the rest of a danmaku.
"""

import msgspec

from bilibili_live.protocol.fields import Json, load_nested, mapping, text

_MOST_EMOTES = 50


class Extra(msgspec.Struct, frozen=True, gc=False):
    id_str: str  #: unique; empty before 2023-03
    is_mirror: bool
    emotes: dict[str, str]  #: "[name]" in the message -> picture URL


def read_extra(value: Json) -> Extra:
    """Whatever it is: what is missing or of another type is empty."""
    fields = load_nested(value)
    emotes = _emotes(fields.get("emots"))
    return Extra(text(fields.get("id_str")), fields.get("is_mirror") is True, emotes)


def _emotes(value: Json) -> dict[str, str]:
    found = {text(shown): text(mapping(emote).get("url")) for shown, emote in mapping(value).items()}
    return dict(list(found.items())[:_MOST_EMOTES])


class _Emote(msgspec.Struct, gc=False):
    url: str = ""


class _Typed(msgspec.Struct, gc=False):
    id_str: str
    is_mirror: bool = False
    emots: dict[str, _Emote] | None = None


_decode = msgspec.json.Decoder(_Typed).decode
_decode_emotes = msgspec.json.Decoder(dict[str, _Emote]).decode


def read_typed_extra(value: str) -> Extra | None:
    """What read_extra yields, at several times its speed; None where it has to look at it.

    An id in it is of ASCII letters and digits.
    """
    try:
        typed = _decode(value)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    id_str, emotes = typed.id_str, typed.emots
    if not (id_str.isalnum() and id_str.isascii()):
        return None
    if not emotes:
        return Extra(id_str, typed.is_mirror, {})
    if len(emotes) > _MOST_EMOTES or "\\u0000" in value:
        return None
    return Extra(id_str, typed.is_mirror, _urls(emotes))


def read_emotes(value: bytes) -> dict[str, str]:
    """Of an ``emots`` by itself, without a NUL in it: name -> URL; {} where it is not of today's form."""
    try:
        typed = _decode_emotes(value)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    return _urls(typed) if len(typed) <= _MOST_EMOTES else {}


def _urls(emotes: dict[str, _Emote]) -> dict[str, str]:
    return {name: emote.url for name, emote in emotes.items()}
