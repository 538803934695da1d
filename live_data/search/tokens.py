"""Texts as the index has them: tokens of one or two characters, and facets as longer ones. Pure.

Each character of a folded text is a token, and each pair of neighbours. So a word of one or two characters is
a token itself, a longer one all of its pairs. (Without the single ones a character would be the beginning of
pairs; but FTS5 reads and merges all that begins so before it gives the first row, seconds for a frequent
one.) A text may have all pairs and not the word: hits are checked against the text itself.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import add

from live_data.search.folding import fold

#: Begins the tokens of facets and no others, in two bytes of UTF-8.
_FACET = "\x80"
_ASIDE = 0xE000
#: A tokenizer splits at all of ASCII but letters and digits, and we at the space: what would be lost, or
#: taken for a facet, is moved aside. Strangers who write from there themselves only cost a look.
_MOVED = {
    code: chr(_ASIDE + code) for code in range(0x81) if not (chr(code).isascii() and chr(code).isalnum())
}
_MOST = 16  # of one question
_MOVED_KEYS = frozenset(map(chr, _MOVED))


@lru_cache(maxsize=10_000)
def of_text(text: str) -> str:
    """Tokens of a whole text, each once, divided by spaces. A chat says the same again and again."""
    written = _written(text)
    return " ".join({*written, *map(add, written, written[1:])})


def of_word(word: str, most: int) -> Sequence[str]:
    """Tokens that every text with the folded ``word`` has, ``most`` at most."""
    written = _written(word)
    return tuple(dict.fromkeys(map(add, written, written[1:])))[:most] or (written,)


def of_words(words: Iterable[str]) -> tuple[str, ...]:
    """The same of several: as many as one question to the index has, whose answers are checked anyway."""
    found = dict.fromkeys(token for word in words for token in of_word(word, _MOST))
    return tuple(found)[:_MOST]


@lru_cache(maxsize=4096)
def of_room(room_id: int) -> str:
    return f"{_FACET}r{room_id:x}"


def of_person(uid: int | None) -> str:
    """None: those whom the site hides."""
    return f"{_FACET}p" if uid is None else f"{_FACET}p{uid:x}"


def of_kind(kind: str) -> str:
    return f"{_FACET}k{kind}"


def _written(text: str) -> str:
    folded = fold(text)
    return folded if _MOVED_KEYS.isdisjoint(folded) else folded.translate(_MOVED)
