"""A search: hits newest first, a page at a time, and never more than a budget of looks for one page.

Words and people are found by the index; what has neither is looked for in the tables, newest first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from heapq import merge
from typing import NamedTuple

from django.db.models import Q

from live_data import keyset
from live_data.search import index, looking, tokens
from live_data.search.documents import BEHIND_ALL, FIRST, SUPER_CHAT, docid_of, floor
from live_data.search.looking import FETCHED, Look, Seen
from live_data.search.needs import Needs, Rows
from live_data.search.terms import Query
from live_data.search.wanted import SessionOf, Wanted, wanted

BUDGET = 60_000  #: cost of the looks of one page
_MOST_GROUP = 50  # alternatives of one question


@dataclass(frozen=True, slots=True)
class Page:
    hits: list[Seen]
    next: bytes | None  #: the place behind which the search goes on; None: there is nothing more
    is_partial: bool  #: the budget was spent before the page was full
    words: tuple[str, ...]  #: folded, to be highlighted

    @property
    def searched_to(self) -> datetime | None:
        """Back to when a partial page looked."""
        return keyset.moment(self.next) if self.is_partial and self.next is not None else None


def search(
    query: Query,
    zone: tzinfo,
    before: bytes | None = None,
    limit: int = 50,
    budget: int = BUDGET,
    *,
    session_of: SessionOf,
) -> Page:
    """Hits older than the event ``before``. Raises QueryError."""
    want = wanted(query, zone, session_of)
    below = want.below if before is None else min(before, want.below)
    hits: list[Seen] = []
    spent = 0
    for look in _looks(want, below):
        spent += look.cost
        if look.seen is not None and want.has(look.seen) and look.seen.event_id < below:
            hits.append(look.seen)
            if len(hits) > limit:
                return Page(hits[:limit], hits[limit - 1].event_id, False, want.words)
        # A look down to the floor was the last one, whatever it cost.
        if spent >= budget and want.floor < look.place < below:
            is_partial = len(hits) < limit
            return Page(hits, look.place, is_partial, want.words)
    return Page(hits, None, False, want.words)


def _looks(want: Wanted, below: bytes) -> Iterator[Look]:
    """Everything that may be a hit, newest first."""
    if want.floor >= below or want.rooms == frozenset():
        return
    needs = _needs(want)
    if needs is None:
        yield from _walks(want, want.floor, below)
        return
    edge = max(want.floor, floor(index.filled_from()))
    room_id = min(want.rooms) if want.rooms is not None and len(want.rooms) == 1 else None
    yield from _by_index(needs, want.kinds, room_id, edge, below)
    if want.floor < min(edge, below):
        yield from _walks(want, want.floor, min(edge, below))


def _needs(want: Wanted) -> Needs | None:
    """None: the index is of no use."""
    found = tokens.of_words(want.words)
    groups: list[tuple[str, ...]] = []
    if want.uids is not None and len(want.uids) <= _MOST_GROUP:
        groups.append(tuple(tokens.of_person(uid) for uid in sorted(want.uids)))
    if not found and not groups:
        return None
    if want.rooms is not None and len(want.rooms) <= _MOST_GROUP:
        groups.append(tuple(tokens.of_room(room_id) for room_id in sorted(want.rooms)))
    return Needs(found, tuple(groups))


def _of_kind(needs: Needs, kind: str, room_id: int | None) -> Needs:
    """Danmaku are nearly everything, and have no token of their own; super chats have one."""
    if kind == SUPER_CHAT:
        needs = replace(needs, groups=(*needs.groups, (tokens.of_kind(SUPER_CHAT),)))
    are_most = kind != SUPER_CHAT and room_id is None
    return needs if are_most or not index.looks_through_rows() else replace(needs, rows=Rows(kind, room_id))


def _by_index(
    needs: Needs, kinds: Sequence[str], room_id: int | None, least: bytes, below: bytes
) -> Iterator[Look]:
    """In pieces of time. The first kind says how far back one of so many docids reaches; the others, mostly
    few, are looked for within it: for as many of their own they would reach far behind the page."""
    of_kinds = [(kind, _of_kind(needs, kind, room_id)) for kind in kinds]
    # The document of `below` itself may hold rows that are older.
    end = min(docid_of(below) + 1, BEHIND_ALL)
    first = max(docid_of(least), FIRST)
    for size in looking.sizes():
        piece = _piece(of_kinds, first, end, size)
        for seen in piece.rows:
            if least <= seen.event_id < below:
                yield Look(seen.event_id, seen, FETCHED)
        if piece.end == first:
            return
        end = piece.end
        yield Look(floor(end), None, max(0, piece.docids - len(piece.rows)) * FETCHED)


class _Piece(NamedTuple):
    rows: list[Seen]  #: newest first
    docids: int  #: that were looked up for them
    end: int  #: the docid down to which these are all


def _piece(of_kinds: Sequence[tuple[str, Needs]], first: int, below: int, size: int) -> _Piece:
    found, end = _docids(of_kinds, first, below, size)
    wanted = [(kind, [docid for docid in docids if docid >= end]) for kind, docids in found]
    rows = [seen for kind, docids in wanted for seen in looking.by_docids(kind, docids)]
    rows.sort(key=lambda seen: seen.event_id, reverse=True)
    return _Piece(rows, len({docid for _, docids in wanted for docid in docids}), end)


def _docids(
    of_kinds: Sequence[tuple[str, Needs]], first: int, below: int, size: int
) -> tuple[list[tuple[str, list[int]]], int]:
    """(in which table to look for which docids, the docid down to which these are all)."""
    found: list[tuple[str, list[int]]] = []
    end, are_of_all = first, False
    for kind, needs in of_kinds:
        # What is asked for no certain rows is answered with those of all kinds, and looked up in each table:
        # unless they are many, and the few rows of the next kind between them are found faster.
        docids = found[-1][1] if are_of_all else index.candidates(needs, below, end, size)
        if len(docids) == size:
            end = docids[-1]
        are_of_all = needs.rows is None and (end == first or not index.looks_through_rows())
        found.append((kind, docids))
    return found, end


def _walks(want: Wanted, least: bytes, below: bytes) -> Iterator[Look]:
    """Each table, of chosen rooms each room, side by side."""
    rooms: list[int | None] = [None]
    within = want.within if want.uids is None else want.within & Q(uid__in=want.uids)
    if want.rooms is not None and len(want.rooms) <= _MOST_GROUP:
        rooms = [*sorted(want.rooms)]
    elif want.rooms is not None:
        within &= Q(room_id__in=want.rooms)
    lanes = [looking.walk(kind, room_id, within, least, below) for kind in want.kinds for room_id in rooms]
    yield from merge(*lanes, key=lambda look: look.place, reverse=True)
