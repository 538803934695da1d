"""What a query wants of a row: the one definition of a hit. Asks the database only what names stand for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NamedTuple, TypeAlias

from django.db.models import Q
from django.utils.translation import gettext as _

from live_data import keyset
from live_data.models import LiveRoom
from live_data.search import spans
from live_data.search.documents import BEHIND_ALL, DANMAKU, FIRST, SUPER_CHAT, floor
from live_data.search.folding import fold
from live_data.search.language import QueryError
from live_data.search.looking import Seen
from live_data.search.terms import Query, Term

Test = Callable[[Seen], bool]


class Session(NamedTuple):
    """One that a query names."""

    room_id: int
    begin: datetime
    end: datetime | None  #: None: it goes on


#: Of a session's name; None: there is none of this name.
SessionOf: TypeAlias = Callable[[str], Session | None]

_GUARD_LEVELS = {"governor": 1, "admiral": 2, "captain": 3, "none": 0}
_ALL_EVENTS = (floor(FIRST), floor(BEHIND_ALL))


@dataclass(frozen=True, slots=True)
class Wanted:
    words: tuple[str, ...]  #: folded; each is in the text
    kinds: tuple[str, ...]  #: of documents.TABLES
    rooms: frozenset[int] | None  #: None: any
    uids: frozenset[int] | None  #: None: anyone
    floor: bytes  #: the least event_id
    below: bytes  #: the first event_id that is too late
    tests: tuple[Test, ...]
    within: Q  #: what the database can tell by itself, where it has no better way

    def has(self, seen: Seen) -> bool:
        return self.floor <= seen.event_id < self.below and all(test(seen) for test in self.tests)


def wanted(query: Query, zone: tzinfo, session_of: SessionOf) -> Wanted:
    """Times without an offset are those of ``zone``. Raises QueryError for a room or session not known."""
    words = tuple(dict.fromkeys(fold(word) for word in query.values("")))
    within = [_session(term, session_of) for term in query.of("session")]
    without = [_session(term, session_of) for term in query.of("session", is_excluded=True)]
    rooms = _rooms(query.of("room"))
    people = query.values("from")
    uids = frozenset(int(value) for value in people if _is_number(value))
    begin, end = _stretch(query, zone)
    if within:
        of_sessions = frozenset(each.room_id for each in within)
        rooms = of_sessions if rooms is None else rooms & of_sessions
        begin = max(begin, min(each.floor for each in within))
        end = min(end, max(each.below for each in within))
    return Wanted(
        words=words,
        kinds=_kinds(query),
        rooms=rooms,
        uids=uids if people and len(uids) == len(set(people)) else None,
        floor=begin,
        below=end,
        tests=(
            *_tests(query, words, rooms, zone),
            *([lambda seen: any(each.has(seen) for each in within)] if within else []),
            *(_not(each.has) for each in without),
        ),
        within=_within(query),
    )


def _tests(
    query: Query, words: tuple[str, ...], rooms: frozenset[int] | None, zone: tzinfo
) -> Iterable[Test]:
    yield from (_has_word(word) for word in words)
    yield from (_not(_has_word(fold(word))) for word in query.values("", is_excluded=True))
    if rooms is not None:
        yield lambda seen: seen.room_id in rooms
    if excluded := _rooms(query.of("room", is_excluded=True)):
        yield lambda seen: seen.room_id not in excluded
    days = [spans.of(value, zone) for value in query.values("date")]
    if len(days) > 1:
        ends = [(keyset.floor(begin), keyset.floor(end)) for begin, end in days]
        yield lambda seen: any(begin <= seen.event_id < end for begin, end in ends)
    yield from _any_of(query, "from", _is_by)
    yield from _any_of(query, "medal", _wears)
    yield from _any_of(query, "guard", _is_guard)
    yield from _all_of(query, "price", lambda seen: seen.price)
    yield from _all_of(query, "level", lambda seen: seen.medal_level)


def _any_of(query: Query, key: str, test: Callable[[str], Test]) -> Iterable[Test]:
    """Alternatives; an excluded one excludes by itself."""
    if wanted := [test(value) for value in query.values(key)]:
        yield lambda seen: any(holds(seen) for holds in wanted)
    yield from (_not(test(value)) for value in query.values(key, is_excluded=True))


def _all_of(query: Query, key: str, amount: Callable[[Seen], int | None]) -> Iterable[Test]:
    yield from (_amounts_to(value, amount) for value in query.values(key))
    yield from (_not(_amounts_to(value, amount)) for value in query.values(key, is_excluded=True))


def _not(test: Test) -> Test:
    return lambda seen: not test(seen)


def _has_word(word: str) -> Test:
    return lambda seen: (
        word in fold(seen.message) or (seen.message_trans != "" and word in fold(seen.message_trans))
    )


def _is_by(value: str) -> Test:
    """A person by uid, or by part of the name as shown."""
    if _is_number(value):
        uid = int(value)
        return lambda seen: seen.uid == uid
    name = fold(value.removeprefix("@"))
    return lambda seen: name in fold(seen.username)


def _wears(value: str) -> Test:
    name = fold(value)
    return lambda seen: seen.medal_name is not None and fold(seen.medal_name) == name


def _is_guard(value: str) -> Test:
    levels = _guard_levels(value)
    return lambda seen: seen.guard_level in levels


def bounds(amount: str) -> tuple[int, int | None]:
    """(least, most or None) of such as ">30", "30..100", "30"."""
    if ".." in amount:
        low, high = map(int, amount.split(".."))
        return low, high
    number = int(amount.lstrip("<>="))
    if amount[0] not in "<>":
        return number, number
    step = 0 if "=" in amount else 1
    return (number + step, None) if amount[0] == ">" else (0, number - step)


def _amounts_to(value: str, amount: Callable[[Seen], int | None]) -> Test:
    least, most = bounds(value)

    def test(seen: Seen) -> bool:
        found = amount(seen)
        return found is not None and least <= found and (most is None or found <= most)

    return test


def _within(query: Query) -> Q:
    within = Q()
    for key, column in (("price", "price"), ("level", "medal_level")):
        for value in query.values(key):
            least, most = bounds(value)
            within &= Q(**{f"{column}__gte": least})
            within &= Q() if most is None else Q(**{f"{column}__lte": most})
    if guards := query.values("guard"):
        levels = {level for value in guards for level in _guard_levels(value)}
        within &= Q(guard_level__in=levels)
    return within


def _guard_levels(value: str) -> tuple[int, ...]:
    return (1, 2, 3) if value == "any" else (_GUARD_LEVELS[value],)


def _kinds(query: Query) -> tuple[str, ...]:
    """Only super chats have a price."""
    chosen, excluded = query.values("type"), query.values("type", is_excluded=True)
    kinds = [
        kind for kind in (DANMAKU, SUPER_CHAT) if (kind in chosen or not chosen) and kind not in excluded
    ]
    return tuple(kind for kind in kinds if kind == SUPER_CHAT or not query.values("price"))


def _stretch(query: Query, zone: tzinfo) -> tuple[bytes, bytes]:
    """A day that is named as the last one is searched to its end."""
    begins = [spans.of(value, zone)[0] for value in query.values("since")]
    ends = [spans.of(value, zone)[1] for value in query.values("until")]
    if days := [spans.of(value, zone) for value in query.values("date")]:
        begins.append(min(begin for begin, _end in days))
        ends.append(max(end for _begin, end in days))
    least, most = _ALL_EVENTS
    return (
        max([least, *map(keyset.floor, begins)]),
        min([most, *map(keyset.floor, ends)]),
    )


@dataclass(frozen=True, slots=True)
class _Within:
    """What was said in a session."""

    room_id: int
    floor: bytes  #: the least event_id
    below: bytes  #: the first event_id that is too late

    def has(self, seen: Seen) -> bool:
        return seen.room_id == self.room_id and self.floor <= seen.event_id < self.below


def _session(term: Term, session_of: SessionOf) -> _Within:
    found = session_of(term.value)
    if found is None:
        said = _("There is no session of this name: {name}.")
        raise QueryError(said.format(name=term.value), term.place)
    end = _ALL_EVENTS[1] if found.end is None else keyset.floor(found.end)
    return _Within(found.room_id, keyset.floor(found.begin), end)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _rooms(terms: list[Term]) -> frozenset[int] | None:
    """By number, short number, or part of the streamer's name."""
    if not terms:
        return None
    found: set[int] = set()
    for term in terms:
        rooms = _named(term.value)
        if not rooms:
            said = _("No room of this number or name was ever watched here: {room}.")
            raise QueryError(said.format(room=term.value), term.place)
        found.update(rooms)
    return frozenset(found)


def _named(value: str) -> set[int]:
    if _is_number(value):
        number = int(value)
        rooms = LiveRoom.objects.filter(Q(room_id=number) | Q(short_id=number) & ~Q(short_id=0))
        return set(rooms.values_list("room_id", flat=True))
    name = fold(value.removeprefix("@"))
    named = LiveRoom.objects.values_list("room_id", "uname")
    return {room_id for room_id, uname in named if name in fold(uname)}
