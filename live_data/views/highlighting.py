"""Texts of pages with the hits of a search marked in them."""

from live_data.search.folding import find

_LONGEST = 600  #: characters of a text in a page; the whole is behind its link
_BEFORE_HIT = 0.1  #: of them are shown before the first hit of a longer text

Piece = tuple[str, bool]  #: (text, whether it is a hit)


def pieces(text: str, words: tuple[str, ...], longest: int = _LONGEST) -> list[Piece]:
    """A text cut at its hits; of a long one the part around the first of them."""
    places = find(text, words)
    begin = max(0, places[0][0] - int(longest * _BEFORE_HIT)) if places and len(text) > longest else 0
    end = min(len(text), begin + longest)
    cut: list[Piece] = [("…", False)] if begin else []
    at = begin
    for start, stop in places:
        if start >= end:
            break
        cut += [(text[at:start], False), (text[start : min(stop, end)], True)]
        at = stop
    cut += [(text[at:end], False)] + ([("…", False)] if end < len(text) else [])
    return [piece for piece in cut if piece[0]]
