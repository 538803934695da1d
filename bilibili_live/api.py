"""The site over HTTP: rooms, danmaku servers, recent lines. Reads only.

bilibili-api-python signs and sends; it is imported when a Bilibili is opened, not before. After
-352 or -412 the site is left alone for a while instead of asked again: repeating makes it worse.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import aiohttp
import msgspec

from bilibili_live.errors import (
    BilibiliError,
    NoRoomBehindLink,
    NotLoggedIn,
    RiskControl,
    SiteRefused,
    UnexpectedAnswer,
    Unreachable,
)
from bilibili_live.identity import GUEST, Identity
from bilibili_live.protocol.fields import Fields, Json, integer, mapping, sequence, text
from bilibili_live.room_numbers import mention
from bilibili_live.rooms import (
    DanmakuAccess,
    DanmakuHost,
    RecentDanmaku,
    RoomAddress,
    RoomPage,
    RoomSnapshot,
    no_such_room,
    read_access,
    read_address,
    read_guards,
    read_page,
    read_recent,
    read_snapshots,
)
from bilibili_live.site_clock import SiteClock
from bilibili_live.site_session import Parameters, SiteSession
from bilibili_live.turns import EndpointTurns

if TYPE_CHECKING:
    from bilibili_live.http_client import Library

log = logging.getLogger(__name__)

_LIVE = "https://api.live.bilibili.com"
_ROOM_INIT = f"{_LIVE}/room/v1/Room/room_init"
_BASE_INFO = f"{_LIVE}/xlive/web-room/v1/index/getRoomBaseInfo"
_ROOM_PAGE = f"{_LIVE}/xlive/web-room/v1/index/getInfoByRoom"
_DANMU_INFO = f"{_LIVE}/xlive/web-room/v1/index/getDanmuInfo"
_HISTORY = f"{_LIVE}/xlive/web-room/v1/dM/gethistory"
_GUARDS = f"{_LIVE}/xlive/app-room/v2/guardTab/topListNew"
_SUPER_CHATS = f"{_LIVE}/av/v1/SuperChat/getMessageList"
_SPI = "https://api.bilibili.com/x/frontend/finger/spi"

_NO_SUCH_ROOM = {1, 60004, 19002000}
_RISK = {-352, -412}
_STALE_SIGNATURE = {-352, -403}
_BUSY = {-500, -503, -504, -509, -799}
ROOMS_PER_CALL = 50  #: of room_infos()
_CALLS_AT_ONCE = 8  #: of one endpoint: a thousand rooms that ask at once need memory and sockets for a few

#: s. The keys rotate daily; the site's own page holds them no longer than half a day.
WBI_KEY_LIFETIME = 11 * 3600.0
#: s without any call after the site's risk control spoke up; on loopback there is nobody to annoy.
RISK_PAUSE = 600.0
RISK_PAUSE_LOOPBACK = 5.0


class Bilibili:
    """``async with Bilibili(None, call_interval=1.0) as site``; a base_url is a look-alike's.

    ``call_interval`` are the seconds between two calls of one endpoint; who opens one after the other
    gives them the same ``turns`` instead. ``proxy`` is SiteSession's. Every method raises Unreachable,
    RiskControl, SiteRefused or UnexpectedAnswer.
    """

    def __init__(
        self,
        base_url: str | None,
        call_interval: float,
        credential: Identity | None = None,
        *,
        turns: EndpointTurns | None = None,
        proxy: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.base_url = base_url
        self.is_loopback = is_loopback(base_url)
        self._turns = turns or EndpointTurns(call_interval)
        self._proxy = proxy
        self._identity = credential or GUEST
        self._clock = clock
        self._wbi_until = 0.0
        self._quiet_until = 0.0
        self._signing = asyncio.Lock()
        self._calls = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(_CALLS_AT_ONCE))
        self._library: Library | None = None

    async def __aenter__(self) -> Self:
        module = await asyncio.to_thread(import_module, "bilibili_live.http_client")
        self._library = module.Library(
            SiteSession(self.base_url, self._turns, self._proxy, before_sending=self._refuse_while_quiet)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        library, self._library = self._opened, None
        await library.close()

    @property
    def site_clock(self) -> SiteClock:
        """What the answers say of our clock."""
        return self._opened.session.site_clock

    @property
    def quiet_seconds(self) -> float:
        """How long the site is still left alone after its refusal; 0.0 = it may be asked."""
        return max(0.0, self._quiet_until - self._clock())

    @property
    def risk_pause(self) -> float:
        """Seconds to leave the site alone after RiskControl; whoever opens several of these keeps them."""
        return RISK_PAUSE_LOOPBACK if self.is_loopback else RISK_PAUSE

    async def room_init(self, room: int) -> RoomAddress:
        """Any number of a room to its long id. Raises RoomNotFound, RoomLocked."""
        envelope = await self._envelope(_ROOM_INIT, {"id": room})
        if integer(envelope.get("code")) in _NO_SUCH_ROOM:
            raise no_such_room(room)
        return read_address(_data(envelope))

    async def linked_room(self, link: str) -> int:
        """The number that a b23.tv link leads to. Raises NoRoomBehindLink."""
        with self._unless_quiet():
            address = await self._opened.session.redirect(link)
        number = mention(address).number
        if not number:
            raise NoRoomBehindLink(f"{link} leads to no room")
        return number

    async def room_infos(self, room_ids: Sequence[int]) -> dict[int, RoomSnapshot]:
        """By long id; rooms that do not exist are left out."""
        found: dict[int, RoomSnapshot] = {}
        for start in range(0, len(room_ids), ROOMS_PER_CALL):
            some = list(room_ids[start : start + ROOMS_PER_CALL])
            # "componet" is how the site spells it.
            envelope = await self._envelope(_BASE_INFO, {"req_biz": "web_room_componet", "room_ids": some})
            found |= read_snapshots(_data(envelope))
        return found

    async def room_page(self, room_id: int) -> RoomPage:
        """Face, watched, likes. Signed, and so subject to risk control: not for every minute."""
        envelope, _ = await self._signed(_ROOM_PAGE, {"room_id": room_id, "web_location": "444.8"})
        if integer(envelope.get("code")) in _NO_SUCH_ROOM:
            raise no_such_room(room_id)
        return read_page(_data(envelope))

    async def guards(self, room_id: int, uid: int) -> int:
        """How many guards the room of this long id and anchor has. Not signed, no account needed."""
        # Pages of more than 30 are answered as 10; of the list itself nothing is wanted. 5: all of them.
        query = {"roomid": room_id, "ruid": uid, "page": 1, "page_size": 1, "typ": 5}
        return read_guards(_data(await self._envelope(_GUARDS, query)))

    async def danmaku_access(self, room_id: int) -> DanmakuAccess:
        """Token and servers for the long id, bound to this identity."""
        envelope, who = await self._signed(_DANMU_INFO, {"id": room_id, "type": 0, "web_location": "444.8"})
        return read_access(_data(envelope), who.uid, who.buvid3)

    async def recent_danmaku(self, room_id: int) -> list[RecentDanmaku]:
        """The last ten lines of the chat; guests mostly get none."""
        return read_recent(_data(await self._envelope(_HISTORY, {"roomid": room_id})))

    async def super_chats(self, room_id: int) -> list[Json]:
        """Those shown at the moment, each as SUPER_CHAT_MESSAGE has it in ``data``."""
        return sequence(_data(await self._envelope(_SUPER_CHATS, {"room_id": room_id})).get("list"))

    async def open_socket(self, host: DanmakuHost) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket to a danmaku server, plain where the base URL is. Raises Unreachable."""
        session = self._opened.session
        if (self.base_url or "").startswith("http:"):
            return await session.open_socket(f"ws://{host.host}:{host.ws_port}/sub")
        return await session.open_socket(f"wss://{host.host}:{host.wss_port}/sub")

    async def _signed(self, url: str, parameters: Parameters) -> tuple[Fields, Identity]:
        """The answer, and whom it was given to.

        Once more with new keys and a new buvid when the signature is refused; then never again.
        One call at a time: of ten rooms that are refused together, nine must not ask any more.
        """
        async with self._signing:
            if not self._identity.buvid3:
                await self._identify()
            if self._clock() >= self._wbi_until:
                self._forget_keys()
            envelope = await self._envelope(url, parameters, signed=True, may_retry=True)
            if _wants_new_signature(envelope):
                self._forget_keys()
                await self._identify()
                envelope = await self._envelope(url, parameters, signed=True)
            return envelope, self._identity

    def _forget_keys(self) -> None:
        self._opened.forget_wbi_key()
        self._wbi_until = self._clock() + WBI_KEY_LIFETIME

    async def _identify(self) -> None:
        """Get a new buvid: without one the token is refused, or the chat is thinned."""
        bare = msgspec.structs.replace(self._identity, buvid3="", buvid4="")
        data = _data(await self._envelope(_SPI, {}, who=bare))
        buvid3, buvid4 = text(data.get("b_3")), text(data.get("b_4"))
        if not buvid3:
            raise UnexpectedAnswer("the site gave no buvid")
        self._identity = msgspec.structs.replace(self._identity, buvid3=buvid3, buvid4=buvid4)

    async def _envelope(
        self,
        url: str,
        parameters: Parameters,
        *,
        who: Identity | None = None,
        signed: bool = False,
        may_retry: bool = False,
    ) -> Fields:
        """One call, unless the site wants to be left alone; its refusals of us all raised here."""
        async with self._calls[url]:
            with self._unless_quiet():
                envelope = await self._opened.call(url, parameters, who or self._identity, signed=signed)
                _check(envelope, may_retry)
        return envelope

    def _refuse_while_quiet(self) -> None:
        if seconds := self.quiet_seconds:
            raise RiskControl("waiting, because the site's risk control refused us", -352, seconds)

    @contextmanager
    def _unless_quiet(self) -> Iterator[None]:
        self._refuse_while_quiet()
        try:
            yield
        except RiskControl as error:
            if error.seconds:  # ours: another call was refused while this one waited for its turn
                raise
            self._quiet_until = self._clock() + self.risk_pause
            error.seconds = self.risk_pause
            log.warning("%s; no call for %.0f s", error, self.risk_pause)
            raise

    @property
    def _opened(self) -> "Library":
        if self._library is None:
            raise RuntimeError("a Bilibili is used inside of `async with`")
        return self._library


def is_loopback(base_url: str | None) -> bool:
    return urlsplit(base_url or "").hostname in ("127.0.0.1", "localhost", "::1")


def _check(envelope: Fields, may_retry: bool) -> None:
    """Codes that mean the same on every endpoint. The others are for the caller."""
    code = integer(envelope.get("code"))
    if code is None:
        raise UnexpectedAnswer("an answer without a code")
    if may_retry and _wants_new_signature(envelope):
        return
    if code in _RISK or _has_voucher(envelope):
        raise RiskControl(f"the site's risk control refused us (code {code})", code)
    if code == -101:
        raise NotLoggedIn("the account is not logged in (code -101)", code)
    if code in _BUSY:
        raise Unreachable(f"the site is busy (code {code})")


def _wants_new_signature(envelope: Fields) -> bool:
    return integer(envelope.get("code")) in _STALE_SIGNATURE or _has_voucher(envelope)


def _has_voucher(envelope: Fields) -> bool:
    """It asks for a captcha; it comes with -352, and with 0 as well."""
    return "v_voucher" in mapping(envelope.get("data"))


def _data(envelope: Fields) -> Fields:
    """The payload of a success; only then may ``data`` be looked into."""
    code = integer(envelope.get("code")) or 0
    if code != 0:
        raise _refusal(envelope, code)
    return mapping(envelope.get("data"))


def _refusal(envelope: Fields, code: int) -> BilibiliError:
    said = " ".join((text(envelope.get("message")) or text(envelope.get("msg"))).split())[:100]
    return SiteRefused(f"the site refused: {said or 'no reason given'} (code {code})", code)
