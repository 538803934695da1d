"""A query as a list of terms, and its canonical text. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

#: ASCII and full-width.
QUOTES = {'"': '"', "＂": "＂", "“": "”", "”": "”"}
"""What opens a phrase, and what closes it; an IME of Chinese writes the last two."""
MINUS = "-－"
COLON = ":："
COMMA = ",，"


@dataclass(frozen=True, slots=True)
class Term:
    """One condition; all of them hold, those of the same key as its facet says."""

    key: str  #: "" = a word; else a key of facets.FACETS
    value: str  #: as written, without quotes; of a facet in its canonical form
    is_excluded: bool = False
    #: From where to where it stood in what was typed.
    place: tuple[int, int] = field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        minus = "-" if self.is_excluded else ""
        if self.key:
            return f"{minus}{self.key}:{_quoted(self.value, of_facet=True)}"
        return f"{minus}{_quoted(self.value, of_facet=False)}"


@dataclass(frozen=True, slots=True)
class Query:
    """All of nothing is everything."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        """The canonical text: what it parses to is equal to this query."""
        return " ".join(map(str, self.terms))

    def of(self, key: str, *, is_excluded: bool = False) -> list[Term]:
        return [term for term in self.terms if term.key == key and term.is_excluded == is_excluded]

    def values(self, key: str, *, is_excluded: bool = False) -> list[str]:
        return [term.value for term in self.of(key, is_excluded=is_excluded)]

    def without(self, keys: Iterable[str]) -> "Query":
        left_out = set(keys)
        return Query(tuple(term for term in self.terms if term.key not in left_out))

    def words(self) -> "Query":
        """Its words, also excluded ones, and no facets."""
        return Query(tuple(term for term in self.terms if not term.key))


def _quoted(value: str, *, of_facet: bool) -> str:
    is_plain = value != "" and not any(map(str.isspace, value)) and value[0] not in QUOTES
    if of_facet:
        is_plain = is_plain and not any(character in value for character in COMMA)
    else:
        is_plain = is_plain and value[0] not in MINUS and not any(sign in value for sign in COLON)
    if is_plain:
        return value
    doubled = value.replace('"', '""')
    return f'"{doubled}"'
