"""Who is asking: accounts by cookie, buvids, and the tokens that bind an identity to one room."""

import base64
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from random import SystemRandom
from urllib.parse import unquote

TOKEN_SECONDS = 3600
TOKENS_KEPT = 20_000
# A browser that is not hopelessly old: an outdated one got -352 in 2026-04.
BROWSER = re.compile(r"Mozilla/5\.0 .*(?:Chrome|Firefox|Version)/(\d+)")
OLDEST_BROWSER = {"Version": 15}
OLDEST_DEFAULT = 100
SESSION = re.compile(r"sim-(\d{1,16})")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token is good for, until `expires` (time.monotonic)."""

    uid: int
    buvid: str
    room_id: int
    expires: float


def account(cookies: Mapping[str, str]) -> int:
    """The uid of the logged-in account, 0 for a guest.

    SESSDATA is `sim-<uid>`; a DedeUserID of somebody else makes it a guest, as a broken login does
    on the site.
    """
    session = SESSION.fullmatch(unquote(cookies.get("SESSDATA", "")))
    if session is None:
        return 0
    uid = int(session[1])
    return uid if cookies.get("DedeUserID", str(uid)) == str(uid) else 0


def is_browser(user_agent: str) -> bool:
    """Whether a user agent looks like a current desktop browser."""
    found = BROWSER.search(user_agent)
    if found is None:
        return False
    return int(found[1]) >= (OLDEST_BROWSER["Version"] if "Version/" in found[0] else OLDEST_DEFAULT)


class Identities:
    """Issues buvids and tokens."""

    def __init__(self) -> None:
        self._random = SystemRandom()
        self._grants: OrderedDict[str, Grant] = OrderedDict()

    def buvid3(self) -> str:
        """A new buvid3."""
        digits = f"{self._random.getrandbits(128):032X}"
        parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        return "-".join(parts) + f"{self._random.randrange(10**5):05}infoc"

    def buvid4(self) -> str:
        """A new buvid4."""
        tail = base64.b64encode(self._random.randbytes(16)).decode()
        return self.buvid3().removesuffix("infoc") + f"-026112409-{tail}"

    def voucher(self) -> str:
        """A v_voucher, which would open a captcha."""
        digest = hashlib.blake2b(self._random.randbytes(16), digest_size=16).hexdigest()
        return f"voucher_{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}"

    def issue(self, uid: int, buvid: str, room_id: int) -> str:
        """A token for this identity and room."""
        token = base64.urlsafe_b64encode(self._random.randbytes(120)).decode()
        self._grants[token] = Grant(uid, buvid, room_id, time.monotonic() + TOKEN_SECONDS)
        while len(self._grants) > TOKENS_KEPT:
            self._grants.popitem(last=False)
        return token

    def grant(self, token: str) -> Grant | None:
        """What this token is good for."""
        grant = self._grants.get(token)
        return grant if grant is not None and grant.expires > time.monotonic() else None
