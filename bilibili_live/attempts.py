"""By which server and with which token the next attempt is made. Pure: opens nothing, asks nobody.

Servers take turns from one attempt to the next. A token is used again only while it works: rooms that
were cut together must not all ask the site for new ones.
"""

from collections.abc import Callable

from bilibili_live.errors import AuthRejected, BilibiliError, ConnectionStarved
from bilibili_live.events import Decoded
from bilibili_live.guests import is_real
from bilibili_live.retry import retry_delay
from bilibili_live.rooms import DanmakuAccess, DanmakuHost

_LEAST_USES = 3


class Attempts:
    """Of one connection of one room. ``start``: any number; it says which server is the first."""

    def __init__(self, start: int, random: Callable[[], float]) -> None:
        self._server = start  # index into the servers, wrapped around
        self._random = random
        self._access: DanmakuAccess | None = None
        self._uses = 0  # of this access
        self._failures = 0  # since the last message
        self._heard = False  # a message, in this attempt

    @property
    def access(self) -> DanmakuAccess | None:
        """The way in that is known; None: it must be asked for."""
        return self._access

    @access.setter
    def access(self, new: DanmakuAccess) -> None:
        self._access, self._uses = new, 0

    def begin(self, access: DanmakuAccess, elsewhere: str) -> DanmakuHost:
        """The server for the attempt that begins; if there is another, not the one at ``elsewhere``."""
        self._heard = False
        self._uses += 1
        hosts = access.hosts
        if hosts[self._server % len(hosts)].address == elsewhere:
            self._server += 1
        return hosts[self._server % len(hosts)]

    def heard(self, decoded: Decoded) -> None:
        """A message, not a handshake and not a notice to guests, says that the connection works."""
        if not self._heard and is_real(decoded):
            self._heard = True
            self._failures = 0

    def failed(self, error: BilibiliError, *, loopback: bool) -> float:
        """Note a failure; seconds until the next attempt. That we ended a starved connection is none."""
        if isinstance(error, ConnectionStarved):
            self._server += 1
            return 0.0
        if not self._heard or isinstance(error, AuthRejected) or self._is_worn:
            self._access = None  # the token may be what was wrong, or the room
        delay = retry_delay(error, self._failures, self._random, loopback=loopback)
        self._failures += 1
        self._heard = False
        self._server += 1
        return delay

    @property
    def _is_worn(self) -> bool:
        """Used so often that its servers may have changed meanwhile: blivedm's practice."""
        return self._access is not None and self._uses >= max(_LEAST_USES, len(self._access.hosts))
