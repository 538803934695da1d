"""What the site says of the watched rooms over HTTP, connected or not: in batches, now and then."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from bilibili_live.api import ROOMS_PER_CALL, Bilibili
from bilibili_live.errors import BilibiliError, RiskControl
from bilibili_live.rooms import RoomSnapshot
from collector.intake import Intake, now_ms
from collector.novelty import Novelty
from collector.presence import Sighting
from collector.settings import INFO_INTERVAL, INFO_INTERVAL_LOOPBACK, INFO_REPEAT

log = logging.getLogger(__name__)

_ROUNDS_OF_AWAITED = 2  # rooms that are waited for are asked about so many times as often as the others


class RoomLookup:
    """Titles, streamers, live status, figures; and which long id a number means."""

    def __init__(self, site: Bilibili, intake: Intake) -> None:
        self._site = site
        self._intake = intake
        self._numbers: set[int] = set()  # as typed, and the long ids of short ones
        self._awaited: set[int] = set()
        self._known: set[int] = set()  # long ids that the site has named
        self._seen: dict[int, Sighting] = {}  # by number
        self._latest: dict[int, RoomSnapshot] = {}  # by long id
        self._missing: set[int] = set()
        self._told = Novelty(INFO_REPEAT)
        self._counted = Novelty(INFO_REPEAT)  # figures
        self._asked = asyncio.Event()
        self._round = asyncio.Event()
        self._pause = INFO_INTERVAL_LOOPBACK if site.is_loopback else INFO_INTERVAL

    async def long_id(self, number: int) -> int:
        """Raises BilibiliError. Looked up with all other new numbers, else by itself."""
        if number not in self._numbers:
            self._numbers.add(number)
            round_ = self._round
            self._asked.set()
            await round_.wait()
        if number in self._known:
            return number
        address = await self._site.room_init(number)
        if address.room_id != number:
            self._numbers.discard(number)
        self._numbers.add(address.room_id)
        self._asked.set()
        return address.room_id

    def forget(self, number: int) -> None:
        self._numbers.discard(number)

    def await_live(self, numbers: Iterable[int]) -> None:
        """Ask about these, and no others, more often: somebody waits until they are live."""
        before, self._awaited = self._awaited, set(numbers)
        if self._awaited - before - self._seen.keys():
            self._asked.set()

    def seen(self, number: int) -> Sighting | None:
        return self._seen.get(number)

    def live_since(self, number: int) -> int:
        """ms of our clock when the stream may have begun that the room is in; 0 = none, or nobody knows."""
        seen = self._seen.get(number)
        room = self._latest.get(seen.room_id) if seen else None
        if room is None or room.live_status != 1 or not room.live_since:
            return 0
        offset = self._site.site_clock.offset
        return room.live_since - (offset.high if offset else 0)

    @property
    def latest(self) -> Mapping[int, RoomSnapshot]:
        """The newest answer about each room that is followed, by long id."""
        return self._latest

    async def run(self) -> None:
        """For ever: at once when a number is new, else every INFO_INTERVAL."""
        rounds = 0
        while True:
            is_new = await self._is_asked(self._pause / _ROUNDS_OF_AWAITED)
            rounds += not is_new
            round_, self._round = self._round, asyncio.Event()
            self._drop_the_unwanted()
            await self._look(self._due(is_new, rounds))
            round_.set()

    async def _is_asked(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._asked.wait(), seconds)
        except TimeoutError:
            return False
        await asyncio.sleep(0)  # let those who ask at the same time in
        self._asked.clear()
        return True

    def _due(self, is_new: bool, rounds: int) -> list[int]:
        wanted = self._numbers | self._awaited
        if is_new:
            return sorted(number for number in wanted if number not in self._seen)
        return sorted(wanted if rounds % _ROUNDS_OF_AWAITED == 0 else self._awaited)

    def _drop_the_unwanted(self) -> None:
        wanted = self._numbers | self._awaited
        for number in self._seen.keys() - wanted:
            del self._seen[number]
        followed = wanted | {seen.room_id for seen in self._seen.values()}
        for room_id in self._latest.keys() - followed:
            del self._latest[room_id]
            self._told.forget(room_id)
            self._counted.forget(room_id)
        self._missing &= wanted

    async def _look(self, numbers: Sequence[int]) -> None:
        """One batch that fails leaves the others; only the site's risk control ends the round."""
        for start in range(0, len(numbers), ROOMS_PER_CALL):
            some = numbers[start : start + ROOMS_PER_CALL]
            try:
                self._heed(some, await self._site.room_infos(some))
            except RiskControl as error:
                log.info("room information is paused: %s", error)
                self._unanswered(numbers)
                return
            except (BilibiliError, OSError) as error:
                # Each room's own connection says what is wrong; this is only the frame around the picture.
                log.info("room information could not be read: %s", error)
                self._unanswered(some)

    def _unanswered(self, numbers: Iterable[int]) -> None:
        now = time.monotonic()
        for number in numbers:
            seen = self._seen.setdefault(number, Sighting())
            seen.asked_at = max(seen.asked_at, now)

    def _heed(self, asked: Iterable[int], infos: Mapping[int, RoomSnapshot]) -> None:
        """Raises OSError when the journal cannot be written; what was learned holds all the same."""
        self._known |= infos.keys()
        self._latest.update((room_id, self._in_known_words(each)) for room_id, each in infos.items())
        named = {snapshot.short_id: snapshot for snapshot in infos.values() if snapshot.short_id}
        now = time.monotonic()
        for number in asked:
            snapshot = infos.get(number) or named.get(number)
            self._note_presence(number, snapshot is not None)
            seen = self._seen.setdefault(number, Sighting())
            if snapshot is None:
                seen.asked_at = now
            else:
                seen.answered(snapshot.room_id, snapshot.live_status == 1, now)
        for snapshot in infos.values():
            self._journal(snapshot, now)

    def _site_time(self) -> int:
        """ms now by its clock, which dates what it sends; 0 while ours may be the same."""
        offset = self._site.site_clock.offset
        if offset is None or offset.low <= 0 <= offset.high:
            return 0
        return now_ms() + offset.middle

    def _in_known_words(self, told: RoomSnapshot) -> RoomSnapshot:
        """The same: mostly the figures alone are new, and the rest is held already."""
        known = self._latest.get(told.room_id, told)
        known = msgspec.structs.replace(known, online=told.online, followers=told.followers)
        return known if known == told else told

    def _note_presence(self, number: int, is_there: bool) -> None:
        if is_there and number in self._missing:
            self._missing.discard(number)
            log.info("room %d is in the site's answers again", number)
        elif not is_there and number not in self._missing:
            self._missing.add(number)
            log.warning("room %d is missing from the site's answers", number)

    def _journal(self, snapshot: RoomSnapshot, now: float) -> None:
        """The room when something about it changed, its figures when they did."""
        room_id = snapshot.room_id
        figures = {"popularity": max(0, snapshot.online), "followers": max(0, snapshot.followers)}
        bare = msgspec.structs.replace(snapshot, online=0, followers=0)
        if self._told.is_news(room_id, bare, now):
            self._intake.room_info(msgspec.structs.replace(snapshot, answered_at=self._site_time()))
            self._told.kept(room_id, bare, now)
        if self._counted.is_news(room_id, figures, now):
            self._intake.figures(room_id, figures)
            self._counted.kept(room_id, figures, now)
