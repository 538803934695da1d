"""What people correct of a room's sessions: checked against them as they are now, then settled at once."""

from datetime import UTC, datetime
from typing import NamedTuple

from django.db import transaction

from live_data.instants import epoch_ms, moment
from live_data.models import LiveSession, SessionCorrection
from live_data.sessions import settling, spans
from live_data.sessions.spans import Correction, Part, Refusal, Session


class CorrectionRefused(ValueError):
    """It does not fit; ``why`` says how."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


def split(session: LiveSession, at: datetime) -> None:
    """Into two that touch at a moment within it. Raises CorrectionRefused, as all of these do."""
    _correct(session, SessionCorrection.Kind.SPLIT, at)


def merge(session: LiveSession, other: LiveSession) -> None:
    """With a later one of the same room, and all between them."""
    if other.room_id != session.room_id:
        raise CorrectionRefused(Refusal.OTHER_ROOM)
    first, second = sorted((session, other), key=lambda each: each.begin)
    _correct(first, SessionCorrection.Kind.MERGE, second.begin)


def merge_with_next(session: LiveSession) -> None:
    following = LiveSession.objects.filter(room_id=session.room_id, begin__gt=session.begin)
    nearest = following.order_by("begin").first()
    if nearest is None:
        raise CorrectionRefused(Refusal.NOTHING_TO_MERGE)
    merge(session, nearest)


def set_begin(session: LiveSession, at: datetime) -> None:
    _correct(session, SessionCorrection.Kind.BEGIN, at)


def set_end(session: LiveSession, at: datetime) -> None:
    _correct(session, SessionCorrection.Kind.END, at)


class Listed(NamedTuple):
    """A correction that is not undone."""

    correction: SessionCorrection
    has_effect: bool  #: undone, it would leave other sessions; one that does not fit any more has none


def active(room_id: int) -> list[Listed]:
    """Of a room, the latest first."""
    rows = SessionCorrection.objects.filter(room_id=room_id, undone_at=None).order_by("-pk")
    idle = settling.without_effect(room_id)
    return [Listed(row, row.pk not in idle) for row in rows]


def undo(correction: SessionCorrection) -> None:
    """It stays in the list, and holds no more. Once undone, nothing is changed."""
    with transaction.atomic():
        active = SessionCorrection.objects.filter(pk=correction.pk, undone_at=None)
        active.update(undone_at=datetime.now(UTC))
        settling.settle(correction.room_id, min(correction.anchor, correction.at))


def _correct(session: LiveSession, kind: SessionCorrection.Kind, at: datetime) -> None:
    at = moment(epoch_ms(at))
    if at > datetime.now(UTC):
        raise CorrectionRefused(Refusal.NOT_YET)
    anchor = session.begin
    with transaction.atomic():
        settling.settle(session.room_id)
        made = Correction(kind.value, epoch_ms(anchor), epoch_ms(at))
        after = spans.apply(_of_room(session.room_id), made)
        if isinstance(after, Refusal):
            raise CorrectionRefused(after)
        SessionCorrection.objects.create(room_id=session.room_id, kind=kind, anchor=anchor, at=at)
        settling.settle(session.room_id, min(anchor, at))


def _of_room(room_id: int) -> list[Session]:
    return [_derived(row) for row in LiveSession.objects.filter(room_id=room_id).order_by("begin")]


def _derived(row: LiveSession) -> Session:
    return Session(
        opened_at=epoch_ms(row.opened_at),
        begin=epoch_ms(row.begin),
        begin_by=row.begin_by,
        end=None if row.end is None else epoch_ms(row.end),
        end_by=row.end_by,
        key=row.live_key,
        last_sign=epoch_ms(row.last_sign),
        parts=tuple(Part(*part) for part in row.streams),
    )
