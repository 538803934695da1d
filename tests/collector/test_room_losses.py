"""What a room is said to have missed, told the signals of its connections; the journal is real."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bilibili_live.api import Bilibili
from bilibili_live.client import Authenticated, ConnectGate, Ended, Messages, Signal
from bilibili_live.errors import BilibiliError, ConnectionLost, ConnectionSilent
from bilibili_live.events import AnyEvent, Coverage, Danmaku, Decoded
from bilibili_live.protocol.packets import AUTH_REPLY, HEARTBEAT_REPLY, MESSAGE, pack
from collector.backlog import Backlog
from collector.coverage import CoverageBook
from collector.ending import ended
from collector.intake import Intake
from collector.links import Links
from collector.lookup import RoomLookup
from collector.missed_super_chats import MissedSuperChats
from collector.publisher import Publisher
from collector.records import decode_record
from collector.room import Room
from collector.site import Site
from collector.starvation import Starvation
from event_store.connect import async_client
from event_store.rooms import CommittedPosition
from event_store.writer import LogWriter
from journal.reader import read
from journal.writer import JournalWriter
from tests.bilibili_live.messages import danmaku
from tests.collector.test_publisher import logged
from tests.made import AT, ROOM
from tests.valkey_process import until

LET_IN = pack(AUTH_REPLY, b'{"code":0}')
BEAT = pack(HEARTBEAT_REPLY, b"\0\0\0\1")
CLOSED = ConnectionLost("the server closed the connection (code 1000)", said_goodbye=True)
SAID = pack(MESSAGE, json.dumps(danmaku()).encode(), 0)
BROKEN = ConnectionLost("the connection broke: Connection reset by peer")
SILENT = ConnectionSilent("nothing for 70 s")


class Told:
    """A room that is told what its connections say. Times are s after AT."""

    def __init__(self, folder: Path, site: Site, intake: Intake) -> None:
        self.now = 0
        self.wanted: list[int] = []
        self._folder = folder
        self.book = CoverageBook(intake, "c0ffee", clock=lambda: AT + self.now * 1000)
        self.room = Room(ROOM, site, intake, self.book, claim=_claims, down_since=_never)
        self._links = self.room._links = Links(ROOM, site, self.room._keep, self.room._heed)

    def let_in(self, at: int, link: int, connection: int) -> None:
        self._frame(at, connection, LET_IN)
        self._signal(link, Authenticated(AT + at * 1000, False, connection))

    def beats(self, *moments: int, connection: int) -> None:
        for at in moments:
            self._frame(at, connection, BEAT)

    def lost(self, at: int, link: int, connection: int, error: BilibiliError) -> None:
        self.now = at
        self._signal(link, Ended(AT + at * 1000, error, 0, connection))

    def spans(self) -> list[tuple[int, str]]:
        """(begin, state), in the order of noting."""
        records = [item.record for item in read(self._folder, 0, 1 << 40) if item.record]
        events = [event for record in records for event in decode_record(record).events]
        return [((each.at - AT) // 1000, each.state) for each in events if isinstance(each, Coverage)]

    def _frame(self, at: int, connection: int, frame: bytes) -> None:
        self.now = at
        self.room._keep(frame, AT + at * 1000, connection)

    def _signal(self, link: int, signal: Signal) -> None:
        self.room._heed(self._links._sorted_out(link, signal))


def _claims(room_id: int, number: int) -> bool:
    return True


def _never(room_id: int) -> int:
    return 0


@asynccontextmanager
async def told(
    folder: Path, connections: int = 1, redis_url: str = "redis://localhost:1"
) -> AsyncIterator[Told]:
    async with (
        async_client(redis_url) as redis,
        Bilibili("http://127.0.0.1:1", 0) as site,
    ):
        with JournalWriter(folder) as journal:
            publisher = Publisher(journal, LogWriter(redis))
            publisher.heed(CommittedPosition(0))
            publishing = asyncio.create_task(publisher.run())
            intake = Intake(Backlog(journal), publisher)
            missed = MissedSuperChats(site, intake)
            starvation = Starvation(site, intake.on_air)
            shared = Site(site, ConnectGate(0), RoomLookup(site, intake), missed, starvation, connections)
            yield Told(folder, shared, intake)
            await ended([publishing])


async def test_a_gap_that_a_half_open_connection_hid_is_told_when_that_one_is_lost(tmp_path: Path) -> None:
    async with told(tmp_path, connections=2) as room:
        room.let_in(0, 0, 1)
        room.let_in(1, 1, 2)
        room.beats(30, 60, 90, connection=1)
        room.beats(31, 61, 91, connection=2)
        room.lost(100, 1, 2, BROKEN)  # the network is down from 92 on; 1 is half open
        room.let_in(140, 1, 4)
        assert room.spans() == [(0, "covered")]
        room.room._site.missed.forget(ROOM)
        room.lost(160, 0, 1, SILENT)
        assert room.spans() == [(0, "covered"), (60, "blind"), (140, "covered")]
        assert room.book.all()[ROOM].state == "covered"
        assert room.book.all()[ROOM].since == AT + 140_000
        assert ROOM in room.room._site.missed._waiting


async def test_one_that_is_lost_while_the_other_was_there_all_the_time_leaves_no_gap(tmp_path: Path) -> None:
    async with told(tmp_path, connections=2) as room:
        room.let_in(0, 0, 1)
        room.let_in(1, 1, 2)
        room.beats(30, 60, connection=1)
        room.lost(100, 0, 1, SILENT)
        room.lost(101, 0, 3, BROKEN)  # was never let in
        assert room.spans() == [(0, "covered")]


async def test_only_a_goodbye_that_is_answered_proves_that_nothing_is_missing(tmp_path: Path) -> None:
    ends: list[Callable[[Told], None]] = [
        lambda room: room.lost(125, 0, 1, CLOSED),
        lambda room: room.lost(125, 0, 1, BROKEN),
        lambda room: None,  # no answer in time
    ]
    sure = []
    for number, end in enumerate(ends):
        async with told(tmp_path / str(number)) as room:
            room.let_in(0, 0, 1)
            room.beats(30, 60, connection=1)
            room.now = 125
            await room.room.close()
            end(room)
            room.book.close(ROOM, "not watched", room.room.sure_until(AT + 125_000))
            blind = [at for at, state in room.spans() if state == "blind"]
            sure.append(blind[0])
    assert sure == [125, 30, 30]


async def test_a_frame_over_which_the_collector_stumbles_is_published_all_the_same(
    tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(room_id: int, decoded: Decoded) -> None:
        raise RuntimeError("a bug of ours")

    def published() -> list[AnyEvent]:
        return [event for batch in logged(redis_url) for event in batch.events]

    async with told(tmp_path, redis_url=redis_url) as room:
        await until(lambda: bool(logged(redis_url)))  # from here on it publishes from memory
        monkeypatch.setattr(room.room._intake, "decoded", stumble)

        async def follow() -> None:
            room.beats(1, connection=1)
            room._frame(2, 1, SAID)
            room._signal(0, Messages(Decoded(), AT + 2_000, 1))

        monkeypatch.setattr(room.room, "_follow", follow)
        room.room.is_found = True
        running = asyncio.create_task(room.room.run())
        await until(lambda: any(isinstance(event, Danmaku) for event in published()))
        running.cancel()
        await asyncio.wait([running])
