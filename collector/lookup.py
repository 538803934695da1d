"""What the site says of the watched rooms over HTTP, for all of them in one call now and then."""

import asyncio
import logging

from bilibili_live.api import Bilibili
from bilibili_live.errors import BilibiliError
from collector.intake import Intake
from collector.settings import INFO_INTERVAL

log = logging.getLogger(__name__)


class RoomLookup:
    """Titles, streamers, live status; and which long id a number means."""

    def __init__(self, site: Bilibili, intake: Intake) -> None:
        self._site = site
        self._intake = intake
        self._numbers: set[int] = set()  # as typed, and the long ids of short ones
        self._known: set[int] = set()  # long ids that the site has named
        self._asked = asyncio.Event()
        self._round = asyncio.Event()

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

    async def run(self) -> None:
        """For ever: at once when a number is new, else every INFO_INTERVAL."""
        while True:
            try:
                await asyncio.wait_for(self._asked.wait(), INFO_INTERVAL)
                await asyncio.sleep(0)  # let those who ask at the same time in
            except TimeoutError:
                pass
            self._asked.clear()
            round_, self._round = self._round, asyncio.Event()
            await self._look()
            round_.set()

    async def _look(self) -> None:
        if not self._numbers:
            return
        try:
            infos = await self._site.room_infos(sorted(self._numbers))
            for snapshot in infos.values():
                self._intake.room_info(snapshot)
        except (BilibiliError, OSError) as error:
            # Each room's own connection says what is wrong; this is only the frame around the picture.
            log.info("room information could not be read: %s", error)
            return
        self._known |= infos.keys()
