"""bilibili-api-python made to use our SiteSession. Importing this costs 1.4 s and 51 MB: do it late.

The library keeps one HTTP client per event loop, with one cookie jar, headers of its own and a
global identity. The client here has none of that: each request goes to the SiteSession of the call
that made it.
"""

import asyncio
from contextvars import ContextVar

from bilibili_api import Api, Credential, recalculate_wbi, register_client, request_settings
from bilibili_api.clients.AioHTTPClient import AioHTTPClient
from bilibili_api.utils.network import BiliAPIResponse, session_pool

from bilibili_live.errors import UnexpectedAnswer
from bilibili_live.identity import Identity
from bilibili_live.protocol.fields import Fields
from bilibili_live.site_session import Answer, Parameters, SiteSession

_NAME = "bilibili_live"
_session: ContextVar[SiteSession] = ContextVar("session")


class _SiteClient(AioHTTPClient):  # type: ignore[misc]  # the library comes without types
    """Holds no session, so there is none to leave open. Its downloads and sockets are not used."""

    def __init__(self, **_settings: object) -> None:
        """Settings are SiteSession's own; the library's are not looked at."""

    async def request(
        self,
        method: str,
        url: str,
        params: Parameters | None = None,
        data: dict[str, str] | str | bytes | None = None,
        cookies: dict[str, str] | None = None,
        **_its_own_headers: object,
    ) -> BiliAPIResponse:
        answer = await _session.get().request(method, url, params or {}, data, cookies or {})
        return _response(answer)

    async def close(self) -> None:
        """The SiteSession is closed by the one who opened it."""


def _response(answer: Answer) -> BiliAPIResponse:
    return BiliAPIResponse(
        code=answer.status, headers=answer.headers, cookies={}, raw=answer.body, url=answer.url
    )


class Library:
    """The library made ours in this process: our client, our session, no invented fingerprints."""

    def __init__(self, session: SiteSession) -> None:
        self.session = session
        register_client(_NAME, _SiteClient)
        request_settings.set_enable_auto_buvid(False)
        request_settings.set_enable_bili_ticket(False)
        request_settings.set_wbi_retry_times(1)

    async def close(self) -> None:
        """Let go of this event loop as well, which the library would hold for ever."""
        session_pool.get(_NAME, {}).pop(asyncio.get_running_loop(), None)
        await self.session.close()

    def forget_wbi_key(self) -> None:
        """The library keeps the daily key until it is told, also after -352."""
        recalculate_wbi()

    async def call(self, url: str, parameters: Parameters, who: Identity, *, signed: bool) -> Fields:
        """GET one endpoint; the whole envelope {code, message, data}, whatever its code.

        Raises Unreachable, RiskControl (HTTP 412), UnexpectedAnswer when there is no envelope.
        """
        api = Api(url=url, method="GET", wbi=signed, credential=_credential(who))
        token = _session.set(self.session)
        try:
            envelope = await api.update_params(**parameters).request(raw=True)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # What the library raises on bodies it did not expect, in fetching the signing keys too.
            raise UnexpectedAnswer(f"no readable answer from {url}") from error
        finally:
            _session.reset(token)
        if not isinstance(envelope, dict):
            raise UnexpectedAnswer(f"no readable answer from {url}")
        return envelope


def _credential(who: Identity) -> Credential:
    return Credential(
        sessdata=who.sessdata or None,
        bili_jct=who.bili_jct or None,
        buvid3=who.buvid3 or None,
        buvid4=who.buvid4 or None,
        dedeuserid=str(who.uid) if who.uid else None,
    )
