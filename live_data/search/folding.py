"""Which texts are equal to a search: letters in any case, and full-width and half-width forms.

Folding works code point by code point and keeps their number, so that a hit in the folded text is a hit at
the same place of the original. What follows from it: "ß" is not "ss", half-width "ｶﾞ" (two code points) is
not "ガ", and composed and decomposed accents differ. Traditional and simplified characters differ too.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

_WIDTHS = ("<wide>", "<narrow>")
_MOST_PLACES = 500


def fold(text: str) -> str:
    """As long as ``text``; folding twice changes nothing."""
    table = _table()
    return text if table.keys.isdisjoint(text) else text.translate(table.codes)


def find(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where the folded ``words`` stand in ``text``: (start, end), in order, those that touch joined.

    Of at most some hundred places: many short words in a long text have as many as both multiplied.
    """
    places = list(islice(_places(fold(text), filter(None, words)), _MOST_PLACES))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _places(folded: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """They may overlap."""
    for word in words:
        for found in re.finditer(f"(?={re.escape(word)})", folded):
            yield found.start(), found.start() + len(word)


class _Table:
    def __init__(self) -> None:
        pairs = {code: folded for code in _cased_or_wide() if (folded := _folded(chr(code))) != chr(code)}
        self.codes = pairs
        self.keys = frozenset(map(chr, pairs))


@cache
def _table() -> _Table:
    return _Table()


def _cased_or_wide() -> Iterable[int]:
    """Few blocks hold all of them: looking through all of Unicode would take a second."""
    yield from range(0x3400)
    yield from range(0xA640, 0xAC00)
    yield from range(0xF900, 0x11000)
    yield from (code for code in range(0x11000, 0x20000) if chr(code).lower() != chr(code))


def _folded(character: str) -> str:
    """Until nothing changes: a full-width capital is folded in both ways."""
    narrow = _narrowed(character)
    for folded in (narrow.casefold(), narrow.lower()):
        if len(folded) == 1:
            return folded
    return narrow


def _narrowed(character: str) -> str:
    kind, *codes = unicodedata.decomposition(character).split() or ("",)
    return chr(int(codes[0], 16)) if kind in _WIDTHS and len(codes) == 1 else character
