"""All traffic to the site passes here: our own headers, cookies, spacing, limits and error words.

Knows no library and no endpoint. One object per identity-independent client; every request says
whose cookies it carries, and nothing is remembered between two requests.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
from yarl import URL

from bilibili_live.errors import BilibiliError, RiskControl, Unreachable
from bilibili_live.site_clock import SiteClock
from bilibili_live.turns import EndpointTurns

#: A desktop browser of the season: an outdated one is refused with -352 (blivedm #84). Look at it
#: once in half a year.
USER_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/154.0.0.0 Safari/537.36"
)
HEADERS = {
    "User-Agent": USER_AGENT,
    "Origin": "https://live.bilibili.com",
    "Referer": "https://live.bilibili.com/",
    "Accept": "application/json, text/plain, */*",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
}
#: Nothing else is sent as a cookie, whatever a library hands over: among that is the refresh token.
COOKIES = frozenset({"SESSDATA", "bili_jct", "DedeUserID", "buvid3", "buvid4"})

_SITE = "bilibili.com"
_SHORT_LINKS = "b23.tv"
_TIMEOUT = aiohttp.ClientTimeout(total=20, connect=10)
_FAILURES = (aiohttp.ClientError, TimeoutError, OSError, ValueError)
_LARGEST_ANSWER = 8 * 1024 * 1024
_LARGEST_MESSAGE = 16 * 1024 * 1024
_FORBIDDEN_IN_COOKIES = frozenset(';,"\\ \t\r\n')

Parameters: TypeAlias = Mapping[str, str | int | Sequence[str | int]]


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes
    url: str


class SiteSession:
    """``base_url`` takes all HTTP hosts of the site onto one, paths kept; None is the real site.

    ``proxy``, an http:// or https:// address that may hold a user and a password, is the way to all of
    it, a look-alike too. Without one the proxies of the environment are used, but for the real site only.
    ``before_sending`` is called when a request's turn has come; what it raises keeps the request back.
    """

    def __init__(
        self,
        base_url: str | None,
        turns: EndpointTurns,
        proxy: str | None = None,
        *,
        before_sending: Callable[[], None] = lambda: None,
    ) -> None:
        self.base_url = base_url.rstrip("/") if base_url else None
        self._turns = turns
        self._before_sending = before_sending
        self.site_clock = SiteClock()
        self._proxy = proxy
        self._http = aiohttp.ClientSession(
            # One jar for all accounts would let the cookies of one leak into the calls of another.
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(limit=0),  # one socket stays open per room
            headers=HEADERS,
            timeout=_TIMEOUT,
            trust_env=self.base_url is None and self._proxy is None,
            proxy=self._proxy,
        )

    async def close(self) -> None:
        await self._http.close()

    async def request(
        self,
        method: str,
        url: str,
        parameters: Parameters,
        data: Mapping[str, str] | str | bytes | None,
        cookies: Mapping[str, str],
    ) -> Answer:
        """Raises Unreachable, or RiskControl for HTTP 412. Redirects are not followed."""
        where = self._rewritten(url, parameters)
        headers = {"Cookie": line} if (line := cookie_line(cookies)) else {}
        await self._space(where.path)
        answer = await self._send(method, where, data or None, headers)
        _check_status(answer, where)
        return answer

    async def redirect(self, link: str) -> str:
        """The address that a short link leads to, "" when to none. Sent without a cookie, and not followed.

        Raises Unreachable, or RiskControl for HTTP 412.
        """
        parts = urlsplit(link)
        if parts.netloc != _SHORT_LINKS:
            raise Unreachable(f"{parts.netloc} is not {_SHORT_LINKS}: nothing is sent there")
        where = URL((self.base_url or f"https://{_SHORT_LINKS}") + parts.path)
        await self._space(_SHORT_LINKS)
        answer = await self._send("GET", where, None, {})
        if answer.status in (301, 302, 303, 307, 308):
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return headers.get("location", "")
        if answer.status != 404:  # a code that was never given out
            _check_status(answer, where)
        return ""

    async def _send(
        self, method: str, where: URL, data: Mapping[str, str] | str | bytes | None, headers: dict[str, str]
    ) -> Answer:
        asked_at = _now_ms()
        try:
            async with self._http.request(
                method, where, data=data, headers=headers, allow_redirects=False
            ) as response:
                self._compare_clocks(response.headers, asked_at)
                body = await _body(response)
                if response.status == 407:  # to an address without TLS a proxy answers as the site would
                    raise _refused_by_proxy(where.host or "", 407, self._proxy)
                return Answer(response.status, dict(response.headers), body, str(response.url))
        except _FAILURES as error:
            raise unreachable(where.host or "", error, self._proxy) from error

    def _compare_clocks(self, headers: Mapping[str, str], asked_at: int) -> None:
        if "Age" not in headers:  # an answer that was kept on the way has an old date
            self.site_clock.heard(headers.get("Date", ""), asked_at, _now_ms())

    async def open_socket(self, url: str) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket that ends itself on messages over 16 MiB. Raises Unreachable."""
        try:
            async with asyncio.timeout(15):
                return await self._http.ws_connect(
                    url,
                    autoping=True,
                    autoclose=True,
                    max_msg_size=_LARGEST_MESSAGE,
                    timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
                )
        except _FAILURES as error:
            raise unreachable(urlsplit(url).netloc, error, self._proxy) from error

    def _rewritten(self, url: str, parameters: Parameters) -> URL:
        """Encoded here and left alone: a signature covers exactly these bytes."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host != _SITE and not host.endswith("." + _SITE):
            raise Unreachable(f"{host} is no host of {_SITE}: nothing is sent there")
        base = self.base_url or f"{parts.scheme}://{parts.netloc}"
        query = "&".join(
            part for part in (parts.query, urlencode(parameters, doseq=True, quote_via=quote)) if part
        )
        return URL(f"{base}{parts.path}" + (f"?{query}" if query else ""), encoded=True)

    async def _space(self, endpoint: str) -> None:
        await asyncio.sleep(self._turns.take(endpoint, time.monotonic()))
        self._before_sending()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """The whole answer, or ValueError when it is no answer of a size that the site gives."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            raise ValueError(f"the answer is larger than {_LARGEST_ANSWER} bytes")
    return bytes(body)


def cookie_line(cookies: Mapping[str, str]) -> str:
    """The Cookie header, written by hand: http.cookies would put buvid4's "=" in quotation marks."""
    kept = {
        key: value
        for key, value in cookies.items()
        if key in COOKIES and value and value.isascii() and not _FORBIDDEN_IN_COOKIES & set(value)
    }
    return "; ".join(f"{key}={value}" for key, value in kept.items())


def _check_status(answer: Answer, where: URL) -> None:
    if answer.status == 412:
        raise RiskControl("the site blocks this address (HTTP 412)", -412)
    if answer.status != 200:
        raise Unreachable(f"{where.host} answered HTTP {answer.status}")


def unreachable(host: str, error: Exception, proxy: str | None = None) -> BilibiliError:
    """In words that hold no secret: of the proxy its host and port alone."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _refused_by_proxy(host, error.status, proxy)
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        said = _reason(error)
        return Unreachable(f"{host} cannot be reached: the proxy {_place(proxy)} does not answer ({said})")
    through = f" through the proxy {_place(proxy)}" if proxy else ""
    if isinstance(error, aiohttp.WSServerHandshakeError):
        return Unreachable(f"{host} answered HTTP {error.status}{through}")
    return Unreachable(f"{host} cannot be reached{through} ({_reason(error)})")


def _refused_by_proxy(host: str, status: int, proxy: str | None) -> Unreachable:
    return Unreachable(f"{host} cannot be reached: the proxy {_place(proxy)} answered HTTP {status}")


def _place(proxy: str | None) -> str:
    """Host and port; a proxy of the environment is not known here."""
    place = URL(proxy or "")
    return f"{place.host}:{place.port}" if place.host else "of the environment"


def _reason(error: Exception) -> str:
    """What the system said, without what the library put around it."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    said = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return " ".join(str(said).split())[:200]
