"""What can go wrong with the site, and whose fault it was.

BilibiliError
├── Unreachable            the network, or the site is down: try again later
├── SiteRefused            the site answered no
│   ├── RoomNotFound         the id is wrong: permanent
│   ├── RoomLocked           the site closed the room until a date, or hid it
│   ├── NoRoomBehindLink     a short link that leads elsewhere, or nowhere: permanent
│   ├── RiskControl          -352, -412: stop, warn, long pause
│   └── NotLoggedIn          -101: the account's cookies are dead
├── ConnectionEnded        a danmaku connection is over
│   ├── AuthRejected         token or identity was not accepted
│   ├── ConnectionLost       closed or broken from the other side
│   ├── ConnectionSilent     nothing arrived for too long
│   └── ConnectionStarved    it lives, and brings a fraction of the chat: we end it
└── UnexpectedAnswer       the site answered something that we do not understand: our fault or news
"""

from datetime import datetime


class BilibiliError(Exception):
    """Any failure of the site or the way to it. ``str()`` is one line for people."""

    #: The stable word that counters, coverage spans and pages show.
    cause = "site error"


class Unreachable(BilibiliError):
    cause = "unreachable"


class SiteRefused(BilibiliError):
    """The site answered with a code that means no."""

    cause = "refused"

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class RoomNotFound(SiteRefused):
    cause = "room does not exist"


class RoomLocked(SiteRefused):
    cause = "room is locked"

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until  #: None = for ever, or until somebody decides


class NoRoomBehindLink(SiteRefused):
    cause = "no room behind the link"


class RiskControl(SiteRefused):
    cause = "risk control"

    def __init__(self, message: str, code: int = 0, seconds: float = 0.0) -> None:
        super().__init__(message, code)
        self.seconds = seconds  #: that the site is left alone; 0 = unknown


class NotLoggedIn(SiteRefused):
    cause = "not logged in"


class ConnectionEnded(BilibiliError):
    cause = "connection ended"


class AuthRejected(ConnectionEnded):
    cause = "authentication rejected"


class ConnectionLost(ConnectionEnded):
    cause = "connection lost"

    def __init__(self, message: str, *, said_goodbye: bool = False) -> None:
        super().__init__(message)
        self.said_goodbye = said_goodbye  #: by the protocol: whatever the server had sent has arrived


class ConnectionSilent(ConnectionEnded):
    cause = "silence"


class ConnectionStarved(ConnectionEnded):
    cause = "starved"


class UnexpectedAnswer(BilibiliError):
    cause = "unexpected answer"
