"""What was typed becomes a room: the site is asked whether it exists, and refusals keep their reason.

The only module that asks the site. All look-ups of a process keep one spacing, whoever makes them.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from django.conf import settings
from django.db import transaction

from bilibili_live.errors import (
    BilibiliError,
    NoRoomBehindLink,
    RiskControl,
    RoomLocked,
    RoomNotFound,
    Unreachable,
)
from bilibili_live.room_numbers import Mention, NoRoom, mention
from bilibili_live.turns import EndpointTurns
from live_data import refusal_words, site_pause
from live_data.models import LiveRoom
from live_data.storing import late_rows, room_rows
from live_data.storing.exclusion import lock_out_syncs
from live_data.storing.rollups import Deltas

if TYPE_CHECKING:
    from bilibili_live.api import Bilibili
    from bilibili_live.rooms import RoomAddress, RoomSnapshot

Asked: TypeAlias = int | str  # a number, or a short link

_PERMANENT = (NoRoom, RoomNotFound, RoomLocked, NoRoomBehindLink)


@dataclass(frozen=True, slots=True)
class Typed:
    """What became of one room that was typed."""

    typed: str
    number: int = 0  #: the long id, or what was typed while the site cannot be asked; 0 = refused
    short_id: int = 0  #: 0 = none or unknown
    uname: str = ""
    title: str = ""
    error: NoRoom | BilibiliError | None = None  #: why it was refused, or why it is not verified

    @property
    def is_accepted(self) -> bool:
        return self.number > 0

    @property
    def problem(self) -> str:
        """One sentence in the reader's language; "" without."""
        return refusal_words.sentence(self.error, is_accepted=self.is_accepted) if self.error else ""

    @property
    def detail(self) -> str:
        """What the site or the system said, in English, where the sentence cannot say it all."""
        return "" if self.error is None or isinstance(self.error, _PERMANENT) else str(self.error)

    @property
    def text(self) -> str:
        """One line for people."""
        said = f"{self.problem} ({self.detail})" if self.detail else self.problem
        if not self.is_accepted:
            return f"{refusal_words.quoted(self.typed)}: {said}"
        return " ".join(f"{self.number} {said or f'{self.uname} {self.title}'}".split())


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the site says of a number or a link; without an address, why there is none."""

    number: int = 0  #: what was asked for; 0 = a link that could not be read
    address: "RoomAddress | None" = None
    snapshot: "RoomSnapshot | None" = None
    error: BilibiliError | None = None


def look_up(texts: Sequence[str]) -> list[Typed]:
    """Ask the site about each. Rooms that it confirms get their row.

    Waits for its turns: not to be called on an event loop.
    """
    found = [mention(text) for text in texts]
    asked = list(dict.fromkeys(_asked(each) for each in found if not each.error))
    answers = asyncio.run(_ask(asked)) if asked else {}
    return [
        Typed(each.typed, error=each.error) if each.error else _settled(each.typed, answers[_asked(each)])
        for each in found
    ]


def _asked(found: Mention) -> Asked:
    return found.number or found.link


def known(texts: Sequence[str], accepted: Collection[int] = ()) -> list[Typed | None]:
    """Rooms that the site once told us of, or that were ``accepted`` before: they need not be asked again."""
    numbers = [mention(text).number for text in texts]
    asked = {number for number in numbers if number}
    rooms = LiveRoom.objects.exclude(uid=None)
    found = {room.short_id: room for room in rooms.filter(short_id__in=asked)}
    found |= {room.room_id: room for room in rooms.filter(room_id__in=asked)}
    return [
        _of_row(text, room)
        if (room := found.get(number))
        else (Typed(text, number) if number in accepted else None)
        for text, number in zip(texts, numbers, strict=True)
    ]


def _of_row(text: str, room: LiveRoom) -> Typed:
    return Typed(text, room.room_id, room.short_id, room.uname, room.title)


def known_or_looked_up(texts: Sequence[str], accepted: Collection[int] = ()) -> list[Typed]:
    """One answer per text, in order; the site is asked about those that are not known."""
    found = known(texts, accepted)
    asked = iter(look_up([text for text, typed in zip(texts, found, strict=True) if typed is None]))
    return [typed or next(asked) for typed in found]


@lru_cache(maxsize=4)
def _turns(_site: str, interval: float) -> EndpointTurns:
    """One for all look-ups of this process: each opens a way of its own to the site."""
    return EndpointTurns(interval)


async def _ask(asked: Sequence[Asked]) -> dict[Asked, _Answer]:
    if pause := site_pause.remaining():
        waiting = RiskControl("the site asked for a pause", -352, pause)
        return {what: _unasked(what, waiting) for what in asked}
    from bilibili_live.api import Bilibili  # noqa: PLC0415 - takes a second and 50 MB; few need it

    environment = settings.ENVIRONMENT
    url, interval = environment.bilibili_url, environment.call_interval
    turns, proxy = _turns(url, interval), environment.proxy_url or None
    async with Bilibili(url or None, interval, turns=turns, proxy=proxy) as site:
        answers: dict[Asked, _Answer] = {}
        away: BilibiliError | None = None
        for what in asked:
            # Who does not answer once is not asked again and again: the collector keeps trying.
            answers[what] = _unasked(what, away) if away else await _address(site, what)
            if isinstance(answers[what].error, Unreachable | RiskControl):
                away = answers[what].error
        return answers if away else await _with_snapshots(site, answers)


def _unasked(what: Asked, why: BilibiliError) -> _Answer:
    return _Answer(what if isinstance(what, int) else 0, error=why)


async def _address(site: "Bilibili", what: Asked) -> _Answer:
    number = what if isinstance(what, int) else 0
    try:
        number = number or await site.linked_room(str(what))
        return _Answer(number, await site.room_init(number))
    except BilibiliError as error:
        _heed(site, error)
        return _Answer(number, error=error)


async def _with_snapshots(site: "Bilibili", answers: dict[Asked, _Answer]) -> dict[Asked, _Answer]:
    """Titles and names are for the eye: without them a room is just as good."""
    room_ids = sorted({answer.address.room_id for answer in answers.values() if answer.address})
    try:
        snapshots = await site.room_infos(room_ids) if room_ids else {}
    except BilibiliError as error:
        _heed(site, error)
        snapshots = {}
    return {
        what: _Answer(answer.number, answer.address, snapshots.get(answer.address.room_id))
        if answer.address
        else answer
        for what, answer in answers.items()
    }


def _heed(site: "Bilibili", error: BilibiliError) -> None:
    """The next look-up opens another Bilibili, perhaps in another process."""
    if isinstance(error, RiskControl):
        site_pause.begin(site.risk_pause)


def _settled(text: str, answer: _Answer) -> Typed:
    address, snapshot = answer.address, answer.snapshot
    if address is None:
        if not answer.number or isinstance(answer.error, _PERMANENT):
            return Typed(text, error=answer.error)
        # A bare row, so that pages show the room and what keeps it from being watched.
        room_rows.rooms_of([answer.number])
        return Typed(text, answer.number, error=answer.error)
    with transaction.atomic():
        _remember(address, snapshot)
    uname, title = (snapshot.uname, snapshot.title) if snapshot else ("", "")
    return Typed(text, address.room_id, address.short_id, uname, title)


def _remember(address: "RoomAddress", snapshot: "RoomSnapshot | None") -> None:
    """``as_of`` stays: the collector's own news of the room are to be believed from the first."""
    if not LiveRoom.objects.filter(room_id=address.room_id, uid__isnull=False).exists():
        lock_out_syncs()  # before any row: what was stored of its gifts may change, and their sums
    room = room_rows.rooms_of([address.room_id])[address.room_id]
    learned = room.uid is None and address.uid > 0
    room.short_id, room.uid = address.short_id or room.short_id, address.uid or room.uid
    if room.as_of is None:
        room.status = address.live_status
        if snapshot is not None:
            room.uname, room.title, room.online = snapshot.uname, snapshot.title, snapshot.online
            room.cover, room.followers = snapshot.cover, snapshot.followers
            room.area_name, room.parent_area_name = snapshot.area_name, snapshot.parent_area_name
    room.updated_at = datetime.now(UTC)
    room.save()
    if learned and room.uid is not None:
        deltas = Deltas()
        room_rows.revalue(room.room_id, room.uid, deltas)
        late_rows.mark(deltas.touched, room.updated_at)
        deltas.write()
