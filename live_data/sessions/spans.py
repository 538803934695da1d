"""Streams into sessions, and what people corrected of them. Pure: times are epoch ms."""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NamedTuple

from live_data.sessions.streams import SEEN, Stream

SPLIT, MERGE, BEGIN, END = "split", "merge", "begin", "end"
BY_HAND = "by_hand"  #: how a corrected edge is known


class Part(NamedTuple):
    """One stream of a session."""

    begin: int
    end: int | None
    begin_by: str
    end_by: str
    key: str = ""  #: is not kept with the session: of one that was stored it is not known


class Session(NamedTuple):
    """From ``begin`` until before ``end`` (None = it goes on)."""

    opened_at: int  #: what tells it from the others of its room
    begin: int
    begin_by: str
    end: int | None
    end_by: str
    key: str
    last_sign: int
    parts: tuple[Part, ...]

    def holds(self, at: int) -> bool:
        return self.begin <= at and (self.end is None or at <= self.end)


class Correction(NamedTuple):
    kind: str
    anchor: int  #: a moment within the session that is meant
    at: int


class Refusal(Enum):
    """Why a correction does not fit."""

    NO_SESSION = "no session"  #: none holds the anchor
    OUTSIDE = "outside"  #: a split at or beyond an edge
    NOTHING_TO_MERGE = "nothing to merge"
    NOT_BEFORE_END = "not before end"
    OVERLAPS = "overlaps"
    OTHER_ROOM = "other room"
    NOT_YET = "not yet"  #: a moment that has not come


def provenance(by: str) -> str:
    """ "seen", "inferred", "corrected"; empty for an edge that is not there."""
    if not by:
        return ""
    if by == BY_HAND:
        return "corrected"
    return "seen" if by in SEEN else "inferred"


def joined(streams: Iterable[Stream], grace: int, corrections: Iterable["Correction"] = ()) -> list[Session]:
    """Streams with at most ``grace`` ms between them, or of one live_key, are one session.

    But an end that was set by hand stays one, whatever begins soon after it.
    """
    ends = [correction.at for correction in corrections if correction.kind == END]
    groups: list[list[Stream]] = []
    for stream in streams:
        is_over = groups and any(groups[-1][0].begin < end <= stream.begin for end in ends)
        if groups and not is_over and _belong_together(groups[-1], stream, grace):
            groups[-1].append(stream)
        else:
            groups.append([stream])
    return [_session(group) for group in groups]


def _belong_together(before: Sequence[Stream], after: Stream, grace: int) -> bool:
    end = before[-1].end
    if end is None or after.begin - end <= grace:
        return True
    return any((each.key and each.key == after.key) or each.sinces & after.sinces for each in before)


def _session(streams: Sequence[Stream]) -> Session:
    first, last = streams[0], streams[-1]
    return Session(
        opened_at=first.begin,
        begin=first.begin,
        begin_by=first.begin_by,
        end=last.end,
        end_by=last.end_by,
        key=next((stream.key for stream in streams if stream.key), ""),
        last_sign=last.last_sign,
        parts=tuple(Part(each.begin, each.end, each.begin_by, each.end_by, each.key) for each in streams),
    )


def corrected(sessions: Sequence[Session], corrections: Iterable[Correction]) -> list[Session]:
    """In the order in which they were made; one that does not fit any more changes nothing."""
    found = list(sessions)
    for correction in corrections:
        after = apply(found, correction)
        found = found if isinstance(after, Refusal) else after
    return found


def apply(sessions: Sequence[Session], correction: Correction) -> list[Session] | Refusal:
    """``sessions`` of one room, oldest first."""
    # Of two that touch there, the later one: an anchor is a begin.
    places = [place for place, each in enumerate(sessions) if each.holds(correction.anchor)]
    if not places:
        return Refusal.NO_SESSION
    return _APPLY[correction.kind](sessions, places[-1], correction.at)


def _split(sessions: Sequence[Session], place: int, at: int) -> list[Session] | Refusal:
    session = sessions[place]
    if not session.begin < at or (session.end is not None and at >= session.end):
        return Refusal.OUTSIDE
    before, after = _cut(session.parts, at)
    first = session._replace(
        end=at,
        end_by=BY_HAND,
        key=_key(before, session),
        parts=before,
        last_sign=min(at, session.last_sign),
    )
    second = session._replace(
        opened_at=_free(at, sessions),
        begin=at,
        begin_by=BY_HAND,
        key=_key(after, session),
        parts=after,
        last_sign=max(at, session.last_sign),
    )
    return [*sessions[:place], first, second, *sessions[place + 1 :]]


def _free(at: int, sessions: Iterable[Session]) -> int:
    """``at``, or soon after it: none of them may have opened then. One whose begin was set back did so."""
    taken = {each.opened_at for each in sessions}
    while at in taken:
        at += 1
    return at


def _key(parts: Sequence[Part], session: Session) -> str:
    """Of some of its parts."""
    if not any(part.key for part in session.parts):
        return session.key
    return next((part.key for part in parts if part.key), "")


def _cut(parts: Sequence[Part], at: int) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """What was before a moment, and what is from it on."""
    before = [part for part in parts if part.begin < at]
    after = [part for part in parts if part.end is None or part.end > at]
    if before and (before[-1].end is None or before[-1].end > at):
        before[-1] = before[-1]._replace(end=at, end_by=BY_HAND)
    if after and after[0].begin < at:
        after[0] = after[0]._replace(begin=at, begin_by=BY_HAND)
    return tuple(before), tuple(after)


def _merge(sessions: Sequence[Session], place: int, at: int) -> list[Session] | Refusal:
    """With all that begin until ``at``."""
    behind = next((n for n, each in enumerate(sessions) if each.begin > at), len(sessions))
    if behind <= place + 1:
        return Refusal.NOTHING_TO_MERGE
    merged = sessions[place:behind]
    last = merged[-1]
    whole = merged[0]._replace(
        end=last.end,
        end_by=last.end_by,
        last_sign=last.last_sign,
        key=next((each.key for each in merged if each.key), ""),
        parts=_seamless([part for each in merged for part in each.parts]),
    )
    return [*sessions[:place], whole, *sessions[behind:]]


def _seamless(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Where it was split by hand within a stream, there is no drop."""
    whole: list[Part] = []
    for part in parts:
        if whole and whole[-1].end == part.begin and whole[-1].end_by == BY_HAND == part.begin_by:
            whole[-1] = whole[-1]._replace(end=part.end, end_by=part.end_by)
        else:
            whole.append(part)
    return tuple(whole)


def _begin(sessions: Sequence[Session], place: int, at: int) -> list[Session] | Refusal:
    session = sessions[place]
    if session.end is not None and at >= session.end:
        return Refusal.NOT_BEFORE_END
    if place and (sessions[place - 1].end is None or at < (sessions[place - 1].end or 0)):
        return Refusal.OVERLAPS
    parts = _cut(session.parts, at)[1] if at > session.begin else session.parts
    if parts and at < session.begin:
        parts = (parts[0]._replace(begin=at, begin_by=BY_HAND), *parts[1:])
    last_sign = max(at, session.last_sign)
    moved = session._replace(begin=at, begin_by=BY_HAND, parts=parts, last_sign=last_sign)
    return [*sessions[:place], moved, *sessions[place + 1 :]]


def _end(sessions: Sequence[Session], place: int, at: int) -> list[Session] | Refusal:
    session = sessions[place]
    if at <= session.begin:
        return Refusal.NOT_BEFORE_END
    if place + 1 < len(sessions) and at > sessions[place + 1].begin:
        return Refusal.OVERLAPS
    parts = _cut(session.parts, at)[0]
    if parts and session.end is not None and at > session.end:
        parts = (*parts[:-1], parts[-1]._replace(end=at, end_by=BY_HAND))
    moved = session._replace(
        end=at,
        end_by=BY_HAND,
        key=_key(parts, session),
        parts=parts,
        last_sign=min(at, session.last_sign),
    )
    return [*sessions[:place], moved, *_behind(session, at), *sessions[place + 1 :]]


def _behind(session: Session, at: int) -> list[Session]:
    """Streams that began after its end was set are no part of it: they are a session of their own."""
    parts = tuple(part for part in session.parts if part.begin >= at)
    if not parts:
        return []
    begin = parts[0].begin
    return [
        session._replace(
            opened_at=begin,
            begin=begin,
            begin_by=parts[0].begin_by,
            key=_key(parts, session),
            parts=parts,
            last_sign=max(begin, session.last_sign),
        )
    ]


_APPLY = {SPLIT: _split, MERGE: _merge, BEGIN: _begin, END: _end}
