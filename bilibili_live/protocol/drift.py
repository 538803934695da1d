"""The site changes without notice: what is new about a message, in words that repeat. Never fatal.

Names are made of our own words, commands and types, so that strangers cannot make up many.
"""

from collections.abc import Iterator

import msgspec

from bilibili_live.events import Oddity
from bilibili_live.protocol.ignored import reason_for
from bilibili_live.protocol.message import Message, countable
from bilibili_live.protocol.shapes import SHAPES

UNKNOWN_COMMAND = "unknown command"
CHANGED_SHAPE = "changed shape"
REJECTED = "rejected"


def unknown(message: Message) -> Iterator[Oddity]:
    """Of a command that nobody reads: is it passed over on purpose?"""
    if reason_for(message.command) is None:
        yield _oddity(UNKNOWN_COMMAND, countable(message.command), message)


def changed(message: Message) -> Iterator[Oddity]:
    """Of a command that was read: where it does not look as its reader knows it."""
    misfit = _misfit(message)
    for surprise in dict.fromkeys([misfit, *message.surprises] if misfit else message.surprises):
        yield _oddity(CHANGED_SHAPE, f"{message.command}: {surprise}", message)


def _misfit(message: Message) -> str:
    """Where it first differs from its shape; "" where it does not."""
    if (shape := SHAPES.get(message.command)) is None:
        return ""
    try:
        msgspec.convert(message.fields, shape)
    except msgspec.ValidationError as error:
        return _words(error)
    except RecursionError:
        return "nested too deep"
    except UnicodeEncodeError:  # a lone surrogate, which people do send, ends the comparison: no news
        return ""
    return ""


def rejected(reason: str, received_at: int, message: Message | None) -> Oddity:
    """What cannot become an event; None: nothing could be parsed at all."""
    if message is None:
        return Oddity(REJECTED, reason, received_at, None)
    return _oddity(REJECTED, f"{countable(message.command)}: {reason}", message)


def _oddity(kind: str, name: str, message: Message) -> Oddity:
    return Oddity(kind, name, message.received_at, message.fields)


def _words(error: msgspec.ValidationError) -> str:
    """ "Expected `int`, got `str` - at `$.info[0][4]`" -> "expected int, got str at $.info[0][4]" """
    said = str(error).replace("`", "").replace(" - at ", " at ")
    return said[:1].lower() + said[1:]
