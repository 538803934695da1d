"""People by any part of a name that they ever had: names seen last for the first time come first.

The words of the query language and their exclusions, and nothing else of it. Names are looked through in the
order of their numbers: by the index as far as it reaches, before that one by one.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from live_data.models import PersonName
from live_data.search import looking, name_index, tokens
from live_data.search.documents import BEHIND_ALL, FIRST
from live_data.search.folding import fold
from live_data.search.language import QueryError
from live_data.search.needs import Needs
from live_data.search.terms import Query

BUDGET = 20_000  #: names that are looked at for one page
_CHUNK = 500  # rows of one statement


class Name(NamedTuple):
    """A name that somebody had."""

    pk: int
    uid: int
    username: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Page:
    hits: list[Name]
    next: int | None  #: the number behind which the search goes on; None: there is nothing more
    is_partial: bool  #: the budget was spent before the page was full
    words: tuple[str, ...]  #: folded, to be highlighted


def search(query: Query, before: int | None = None, limit: int = 50, budget: int = BUDGET) -> Page:
    """Names with smaller numbers than ``before``; of an empty query none. Raises QueryError."""
    words, without = _words(query)
    least = _least() if query.terms else None
    if least is None or (before is not None and before <= least):
        return Page([], None, False, words)
    filled_to = name_index.filled_to() if words else FIRST
    needs = Needs(tokens.of_words(words))
    place = BEHIND_ALL if before is None else before
    hits: list[Name] = []
    for size in looking.sizes():
        names, place = _next(needs, filled_to, place, min(size, budget))
        hits += (name for name in names if _is_hit(fold(name.username), words, without))
        if len(hits) > limit:
            return Page(hits[:limit], hits[limit - 1].pk, False, words)
        if place <= least:
            break
        budget -= len(names)
        if budget <= 0:
            return Page(hits, place, len(hits) < limit, words)
    return Page(hits, None, False, words)


def _least() -> int | None:
    return PersonName.objects.order_by("pk").values_list("pk", flat=True).first()


def _words(query: Query) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(those that a name has, those that it has not), folded."""
    for term in query.terms:
        if term.key:
            said = _(
                "{key}: does not choose people, who are searched by name. "
                "Put it into quotation marks if it is part of a name."
            )
            raise QueryError(said.format(key=term.key), term.place)
    words = dict.fromkeys(map(fold, query.values("")))
    return tuple(words), tuple(map(fold, query.values("", is_excluded=True)))


def _is_hit(folded: str, words: tuple[str, ...], without: tuple[str, ...]) -> bool:
    return all(word in folded for word in words) and not any(word in folded for word in without)


def _next(needs: Needs, filled_to: int, below: int, size: int) -> tuple[list[Name], int]:
    """(those of the next names that may be hits, the number down to which all are done then)."""
    if below > filled_to + 1:
        newer = PersonName.objects.filter(pk__gt=filled_to, pk__lt=below).order_by("-pk")[:size]
        names = [Name(*values) for values in newer.values_list(*Name._fields)]
        # Mostly there are none, and the index is asked at once; without a word it has no answer.
        if names or not needs.tokens:
            return names, names[-1].pk if len(names) == size else filled_to + 1
    numbers = name_index.candidates(needs, below, size)
    return _by_number(numbers), numbers[-1] if len(numbers) == size else FIRST


def _by_number(numbers: list[int]) -> list[Name]:
    """The greatest first; one that was deleted meanwhile is not there."""
    names: list[Name] = []
    for start in range(0, len(numbers), _CHUNK):
        rows = PersonName.objects.filter(pk__in=numbers[start : start + _CHUNK])
        names += (Name(*values) for values in rows.values_list(*Name._fields))
    return sorted(names, reverse=True)
