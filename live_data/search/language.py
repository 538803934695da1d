"""The query language: what people type into the search field, read into terms. Pure.

    query   = { term }                        terms are divided by spaces, and all of them must hold
    term    = [ "-" ] ( facet | phrase | word )   "-" excludes
    facet   = key ":" value { "," value }     such as room:22889484 or type:sc; see facets.FACETS
    value   = phrase | text without spaces and commas
    phrase  = '"' text '"'                    with spaces, keys, signs; "" within is one quotation mark
    word    = text without spaces

Signs may be full-width (：，－“”), keys may be Chinese (房间：, 用户：), and spaces those of Chinese. What
stands before a colon and is no key belongs to the word: "http://" is one. A word or phrase stands in a text
wherever its folded form does (folding.fold), also within a longer word.

Facets of one key are alternatives (room:1 room:2 is either), but for since, until, price and level, which
all hold; an excluded one excludes whatever it names.
"""

from django.utils.translation import gettext as _

from live_data.search.facets import FACETS, KEYS
from live_data.search.folding import fold
from live_data.search.terms import COLON, COMMA, MINUS, QUOTES, Query, Term

LONGEST = 1_000  #: characters
MOST_TERMS = 50


class QueryError(ValueError):
    """What is wrong, in a sentence for people, and from where to where it stands in what was typed."""

    def __init__(self, sentence: str, place: tuple[int, int]) -> None:
        super().__init__(sentence)
        self.place = place


def parse(text: str) -> Query:
    """Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(
            _("A search has at most {most} characters.").format(most=LONGEST), (LONGEST, len(text))
        )
    terms = _Reader(text).terms()
    if len(terms) > MOST_TERMS:
        said = _("A search has at most {most} words and conditions.").format(most=MOST_TERMS)
        raise QueryError(said, (terms[MOST_TERMS].place[0], len(text)))
    return Query(tuple(terms))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def terms(self) -> list[Term]:
        terms: list[Term] = []
        while self._skip_spaces():
            terms += self._term()
        return terms

    def _skip_spaces(self) -> bool:
        """Whether something follows."""
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at < len(self._text)

    def _term(self) -> list[Term]:
        start = self._at
        is_excluded = self._text[start] in MINUS and self._follows(start + 1)
        self._at += is_excluded
        if (key := self._key()) is not None:
            return self._facet(key, is_excluded, start)
        value = self._phrase() if self._text[self._at] in QUOTES else self._until_space()
        if not value:
            raise QueryError(_("There is nothing between these quotation marks."), (start, self._at))
        return [Term("", value, is_excluded, (start, self._at))]

    def _follows(self, at: int) -> bool:
        return at < len(self._text) and not self._text[at].isspace()

    def _key(self) -> str | None:
        """Passes over a key and its colon."""
        end = self._at
        while self._follows(end) and self._text[end] not in COLON:
            end += 1
        if not self._follows(end):
            return None
        key = KEYS.get(fold(self._text[self._at : end]))
        if key is not None:
            self._at = end + 1
        return key

    def _facet(self, key: str, is_excluded: bool, start: int) -> list[Term]:
        terms = [self._facet_value(key, is_excluded, start)]
        while self._at < len(self._text) and self._text[self._at] in COMMA:
            self._at += 1
            terms.append(self._facet_value(key, is_excluded, start))
        if is_excluded and not FACETS[key].may_exclude:
            said = _("{key}: cannot be excluded; write since: and until: instead.").format(key=key)
            raise QueryError(said, (start, self._at))
        return terms

    def _facet_value(self, key: str, is_excluded: bool, start: int) -> Term:
        begin = self._at
        is_phrase = self._follows(begin) and self._text[begin] in QUOTES
        raw = self._phrase() if is_phrase else self._until_space(COMMA)
        place = (begin, self._at) if raw else (start, self._at)
        try:
            return Term(key, FACETS[key].read(raw), is_excluded, place)
        except ValueError as error:
            wanted = _("{key}: takes {what}.").format(key=key, what=error)
            raise QueryError(wanted, place) from error

    def _until_space(self, also: str = "") -> str:
        start = self._at
        while self._follows(self._at) and self._text[self._at] not in also:
            self._at += 1
        return self._text[start : self._at]

    def _phrase(self) -> str:
        start, closing = self._at, QUOTES[self._text[self._at]]
        self._at += 1
        parts: list[str] = []
        while True:
            end = self._text.find(closing, self._at)
            if end < 0:
                raise QueryError(_("This quotation mark is never closed."), (start, len(self._text)))
            parts.append(self._text[self._at : end])
            self._at = end + 1
            if closing != '"' or not self._text.startswith('"', self._at):
                return "".join(parts)
            parts.append('"')
            self._at += 1
