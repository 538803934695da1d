"""Brings stored sessions in step with what they are derived from.

A room is derived anew from the last session but one that began before what changed: nothing that comes after
the opening of the last one can change what was before that one (streams.fold). The mark that says what
changed is deleted in the transaction that stores the sessions: a crash leaves both as they were.
"""

import logging
import time
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from bilibili_live.events import event_id
from live_data.instants import epoch_ms, moment
from live_data.models import (
    CoverageSpan,
    LiveRoom,
    LiveSession,
    PolledState,
    RoomDescription,
    RoomStateData,
    SessionCorrection,
    SessionFigures,
    UnsettledRoom,
)
from live_data.sessions import signs, spans, streams
from live_data.sessions.signs import Sign, What
from live_data.sessions.spans import Correction, Session
from live_data.sessions.streams import Stream
from live_data.storing import polled_states
from live_data.storing.dead_letters import POISON

log = logging.getLogger(__name__)

BEGINNING = moment(0)
_ROOMS = 50  #: of one look for marks
_NAMING = ("id", "session_id", "room", "opened_at")
_DERIVED = tuple(field.attname for field in LiveSession._meta.concrete_fields if field.name not in _NAMING)
_CHUNK = 500  # times of one query
_BATCH = 50  # rows of one statement


@dataclass(frozen=True, slots=True)
class Settled:
    """How many rows of one room were not as they should be."""

    made: int = 0
    changed: int = 0
    gone: int = 0

    @property
    def differing(self) -> int:
        return self.made + self.changed + self.gone


def settle_marked(seconds: float) -> int:
    """Rooms whose sessions may be others now, for about so long; how many were settled."""
    ends, number = time.monotonic() + seconds, 0
    for room_id in UnsettledRoom.objects.order_by("since").values_list("room_id", flat=True)[:_ROOMS]:
        try:
            settle(room_id)
        except POISON:  # one room must not keep the others from theirs; its mark stays
            log.exception("the sessions of room %s cannot be settled", room_id)
        number += 1
        if time.monotonic() > ends:
            break
    return number


def settle(room_id: int, since: datetime | None = None) -> Settled:
    """One room, from ``since`` on or from its mark, whichever is earlier. One transaction."""
    with transaction.atomic():
        if since is not None:
            polled_states.mark([(room_id, since)])
        mark = UnsettledRoom.objects.select_for_update().filter(room_id=room_id).first()
        if mark is None:
            return Settled()
        cut = _cut(room_id, mark.since)
        heard = _signs(room_id, cut)
        folded = streams.fold(signs.in_order(heard))
        settled = _store(room_id, cut, _derived(folded.streams, _corrections(room_id, cut)))
        _thin_out(room_id, folded.redundant)
        mark.delete()
    return settled


def without_effect(room_id: int) -> set[int]:
    """Keys of the active corrections of a room without which its sessions would be the same: each is left out
    in turn."""
    rows = list(_active(room_id))
    if not rows:
        return set()
    cut = _cut(room_id, min(min(row.anchor, row.at) for row in rows))
    found = streams.fold(signs.in_order(_signs(room_id, cut))).streams
    corrections = [(row.pk, _as_correction(row)) for row in rows]
    with_all = _derived(found, [each for _, each in corrections])
    return {
        pk
        for pk, _ in corrections
        if _derived(found, [each for other, each in corrections if other != pk]) == with_all
    }


def _derived(found: Sequence[Stream], corrections: Sequence[Correction]) -> list[Session]:
    grace = settings.ENVIRONMENT.session_grace * 1000
    return spans.corrected(spans.joined(found, grace, corrections), corrections)


def _cut(room_id: int, since: datetime) -> datetime:
    """Where deriving begins: the opening of a session before ``since`` that no correction reaches over.

    Not of the last one before: what is told of it now, its key say, may join it to the session before it.
    """
    corrections = [_as_correction(row) for row in _active(room_id)]
    openings = (
        LiveSession.objects.filter(room_id=room_id, opened_at__lt=since)
        .exclude(begin_is=LiveSession.Provenance.CORRECTED)
        .order_by("-opened_at")
        .values_list("opened_at", flat=True)
    )
    for opened_at in islice(openings.iterator(), 1, None):
        if not any(_reaches_over(each, epoch_ms(opened_at)) for each in corrections):
            return opened_at
    return BEGINNING


def _reaches_over(correction: Correction, at: int) -> bool:
    return min(correction.anchor, correction.at) < at <= max(correction.anchor, correction.at)


def _active(room_id: int) -> Iterable[SessionCorrection]:
    return SessionCorrection.objects.filter(room_id=room_id, undone_at=None).order_by("id")


def _as_correction(row: SessionCorrection) -> Correction:
    return Correction(row.kind, epoch_ms(row.anchor), epoch_ms(row.at))


def _corrections(room_id: int, cut: datetime) -> list[Correction]:
    from_ms = epoch_ms(cut)
    found = map(_as_correction, _active(room_id))
    return [each for each in found if min(each.anchor, each.at) >= from_ms]


def _signs(room_id: int, cut: datetime) -> list[Sign]:
    """All since the cut."""
    since_cut = Q(room_id=room_id, timestamp__gte=cut)
    found: list[Sign] = []
    states = RoomStateData.objects.filter(since_cut, what__in=polled_states.ON_AIR_STATES)
    for what, value, at, received_at in states.values_list("what", "value", "timestamp", "received_at"):
        found += signs.heard(what, value, epoch_ms(at), epoch_ms(received_at))
    polls = PolledState.objects.filter(since_cut)
    for at, status, since in polls.values_list("timestamp", "status", "live_since_ms"):
        found += signs.polled(epoch_ms(at), status == LiveRoom.Status.LIVE, since)
    watched = CoverageSpan.objects.filter(
        room_id=room_id, end__gte=cut, end__gt=F("timestamp"), state__in=("covered", "degraded")
    )
    ends = watched.order_by().values_list("end", flat=True)
    found += [Sign(epoch_ms(end), What.WATCHED) for end in ends if end is not None]
    from_ms = epoch_ms(cut)
    return [sign for sign in found if sign.at >= from_ms]


def _store(room_id: int, cut: datetime, derived: Sequence[Session]) -> Settled:
    stored = {
        bytes(row.session_id): row for row in LiveSession.objects.filter(room_id=room_id, opened_at__gte=cut)
    }
    wanted = {bytes(row.session_id): row for row in _rows(room_id, derived)}
    gone = [row.pk for session_id, row in stored.items() if session_id not in wanted]
    for start in range(0, len(gone), _CHUNK):
        LiveSession.objects.filter(pk__in=gone[start : start + _CHUNK]).delete()
    made, changed = [], []
    for session_id, row in wanted.items():
        if session_id not in stored:
            made.append(row)
        elif _values(row) != _values(stored[session_id]):
            row.pk = stored[session_id].pk
            changed.append(row)
    LiveSession.objects.bulk_create(made, batch_size=_BATCH)
    LiveSession.objects.bulk_update(changed, _DERIVED, batch_size=_BATCH)
    _count_anew([*made, *changed])
    return Settled(len(made), len(changed), len(gone))


def _count_anew(sessions: Sequence[LiveSession]) -> None:
    """Figures are kept of those that are over, and due when their span is another one."""
    for session in sessions:
        if session.end is None:
            SessionFigures.objects.filter(pk=session.pk).delete()
            continue
        span = {"since": session.begin, "until": session.end}
        if not SessionFigures.objects.filter(pk=session.pk, **span).exists():
            SessionFigures.objects.update_or_create(
                session=session, defaults={"room_id": session.room_id, "is_due": True, **span}
            )


def _values(row: LiveSession) -> list[object]:
    return [getattr(row, name) for name in _DERIVED]


def session_id(room_id: int, opened_at: int) -> bytes:
    return event_id(opened_at, room_id, "session", opened_at)


def _rows(room_id: int, derived: Sequence[Session]) -> list[LiveSession]:
    if not derived:
        return []
    told = _descriptions(room_id, moment(derived[0].begin))
    return [_row(room_id, session, told) for session in derived]


class _Told(NamedTuple):
    since: datetime
    title: str
    area_name: str
    parent_area_name: str


def _descriptions(room_id: int, begin: datetime) -> list[_Told]:
    """How the room was described at ``begin`` and since then, oldest first."""
    rows = RoomDescription.objects.filter(room_id=room_id).order_by("since")
    first = rows.filter(since__lte=begin).values_list("since", flat=True).last()
    later = rows if first is None else rows.filter(since__gte=first)
    return [_Told(*row) for row in later.values_list(*_Told._fields)]


def _row(room_id: int, session: Session, descriptions: Sequence[_Told]) -> LiveSession:
    begin = moment(session.begin)
    place = bisect_right(descriptions, begin, key=lambda told: told.since)
    nearest = descriptions[max(0, place - 1) : max(1, place)]
    _, title, area_name, parent_area_name = nearest[0] if nearest else _Told(begin, "", "", "")
    return LiveSession(
        session_id=session_id(room_id, session.opened_at),
        room_id=room_id,
        opened_at=moment(session.opened_at),
        live_key=session.key,
        begin=begin,
        begin_is=spans.provenance(session.begin_by),
        begin_by=session.begin_by,
        end=None if session.end is None else moment(session.end),
        end_is=spans.provenance(session.end_by),
        end_by=session.end_by,
        last_sign=moment(session.last_sign),
        streams=[[part.begin, part.end, part.begin_by, part.end_by] for part in session.parts],
        title=title,
        area_name=area_name,
        parent_area_name=parent_area_name,
    )


def _thin_out(room_id: int, redundant: Iterable[Sign]) -> None:
    """Those of the last day stay: what comes late may come between them."""
    until = epoch_ms(datetime.now(UTC)) - signs.DAY
    times = [moment(sign.at) for sign in redundant if sign.at < until]
    for start in range(0, len(times), _CHUNK):
        PolledState.objects.filter(room_id=room_id, timestamp__in=times[start : start + _CHUNK]).delete()
