"""The rooms that a person typed or pasted. Pure; whether a room exists is for the site to say.

The addresses are those that the site's pages and apps share, as several public clients read them
(LinkParser, BiliLiveRoomInput and others): /123, /h5/123, /blanc/123, ?room_id=123 of event pages,
?cid=123 of the player that other sites embed, bilibili://live/123, and b23.tv links in the app's
sentence around the room's title.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs

#: Where JavaScript's numbers, and so the site's own pages, end.
LARGEST = 2**53

#: Ends where no address goes on: at a blank, a comma, Chinese. Never begins inside of another address.
_ADDRESS = re.compile(
    r"(?<![\w.@%/-])(?:(?:https?://)?(?:(?:live|www|m)\.bilibili\.com|b23\.tv)/|bilibili://live/)"
    r"[^\x00- ,;<>\"'\x7f-\U0010ffff]*",
    re.IGNORECASE | re.ASCII,
)
_LINK = re.compile(r"(?:https?://)?b23\.tv/(?P<code>\w{1,32})(?!\w)", re.IGNORECASE | re.ASCII)
_PATH = re.compile(
    r"(?:https?://)?live\.bilibili\.com(?:/(?:blanc|h5))?/(?P<number>\d{1,20})/?(?:[^\w/].*)?\Z"
    r"|bilibili://live/(?P<in_app>\d{1,20})(?!\w)",
    re.IGNORECASE | re.ASCII,
)
_NUMBER = re.compile(r"\d{1,20}\Z", re.ASCII)
_PARAMETERS = ("room_id", "roomid", "roomId")
_PLAYER = "/live-activity-player.html"
_OF_PLAYER = "cid"
_COMMA = re.compile(r"[,;，；、\r\n]+")


class NoRoom(ValueError):
    """What was typed names no room. ``str()`` is one line for programmers."""


class NotUnderstood(NoRoom):
    """Neither a number nor an address of a room."""


class OutOfRange(NoRoom):
    """A number, but no room's: they go from 1 to LARGEST."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What stands for one room in a text: a number, or a link whose room only the site knows."""

    typed: str  #: that part of the text
    number: int = 0  #: long or short id; 0 = not known from the text
    link: str = ""  #: "https://b23.tv/..."
    error: NoRoom | None = None  #: why it is none


def parse_room(text: str) -> int:
    """The number in "22889484" or "https://live.bilibili.com/22889484?visit_id=1".

    Raises NoRoom with one line that says what was wrong; for a short link too.
    """
    found = mention(text)
    if not found.number:
        raise found.error or _not_understood(found.typed)
    return found.number


def mention(text: str) -> Mention:
    """The one room that a text names; the app's sentence around it may be there."""
    typed = text.strip()
    found = mentions(typed)
    return found[0] if len(found) == 1 else Mention(typed, error=_not_understood(typed))


def mentions(text: str) -> list[Mention]:
    """All rooms of a text in order, each once, and what was not understood.

    In a line with an address and words, only the address counts: the words, and the numbers among them
    ("2026 跨年 12 小时"), are the app's or a title. A line without words may hold several of either kind.
    """
    found: dict[int | str, Mention] = {}
    # Chinese keyboards write full-width digits and punctuation.
    lines = unicodedata.normalize("NFKC", text).splitlines()
    for each in (each for line in lines for each in _of_line(line)):
        found.setdefault(each.link or each.number or each.typed, each)
    return list(found.values())


def _of_line(line: str) -> list[Mention]:
    addresses = list(_ADDRESS.finditer(line))
    between = [
        line[begin:end]
        for begin, end in zip(
            [0, *(each.end() for each in addresses)],
            [*(each.start() for each in addresses), len(line)],
            strict=True,
        )
    ]
    others = [[_of_piece(piece) for piece in _pieces(text)] for text in between]
    if addresses and any(isinstance(each.error, NotUnderstood) for some in others for each in some):
        return [_of_address(each[0]) for each in addresses]
    found = others[0]
    for address, some in zip(addresses, others[1:], strict=True):
        found += [_of_address(address[0]), *some]
    return found


def _pieces(text: str) -> Iterator[str]:
    """Between commas; numbers between blanks too. Words with blanks between them stay together."""
    for part in _COMMA.split(text):
        words = part.split()
        if all(_NUMBER.match(word) for word in words):
            yield from words
        else:
            yield part.strip()


def _of_piece(piece: str) -> Mention:
    return _numbered(piece, piece) if _NUMBER.match(piece) else Mention(piece, error=_not_understood(piece))


def _of_address(address: str) -> Mention:
    if link := _LINK.match(address):
        return Mention(address, link=f"https://b23.tv/{link['code']}")
    if digits := _digits(address):
        return _numbered(address, digits)
    return Mention(address, error=_not_understood(address))


def _digits(address: str) -> str:
    """The room's number in its path or its parameters; "" without."""
    where, _, query = address.partition("#")[0].partition("?")
    if found := _PATH.match(where):
        return found["number"] or found["in_app"]
    names = (_OF_PLAYER, *_PARAMETERS) if where.endswith(_PLAYER) else _PARAMETERS
    given = parse_qs(query)
    values = (value for name in names for value in given.get(name, ()))
    return next((value for value in values if _NUMBER.match(value)), "")


def _numbered(typed: str, digits: str) -> Mention:
    if 0 < int(digits) <= LARGEST:
        return Mention(typed, int(digits))
    said = f"{digits} is no room: room numbers go from 1 to {LARGEST}"
    return Mention(typed, error=OutOfRange(said))


def _not_understood(typed: str) -> NotUnderstood:
    return NotUnderstood(f"{shown(typed)} is no room: a number or a live.bilibili.com address is")


def shown(typed: str) -> str:
    """What was typed, safe to print in one short line."""
    return repr(typed if len(typed) <= 60 else typed[:60] + "…")
