"""DATABASE_URL taken apart; the text of a ValueError ends the sentence "DATABASE_URL=address ..."."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from runtime.setting_values import ROOT

SQLITE = "sqlite:///"
POSTGRES = ("postgres://", "postgresql://")

#: What may follow the "?" beside host and port, which may also stand there: names of libpq.
OPTIONS = (
    "application_name",
    "channel_binding",
    "connect_timeout",
    "gssencmode",
    "passfile",
    "sslcert",
    "sslcrl",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "target_session_attrs",
)

_PLACE = re.compile(r"(?P<host>\[[0-9A-Fa-f:.%]*\]|[^:]*)(?::(?P<port>[0-9]*))?\Z")
_LARGEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """Where a PostgreSQL is, and as whom; what is empty is for libpq to choose, as psql does."""

    name: str  #: of the database
    host: str = ""  #: a name, an address, or the folder of a unix socket
    port: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """For people, without the password."""
        place = f"{self.host}:{self.port}" if self.port else self.host
        return f"{self.name} at {place}" if place else self.name


def checked(text: str) -> str:
    """The address as it is, or empty. Raises ValueError."""
    if text.startswith(POSTGRES):
        postgres(text)
    elif text and not (text.startswith(SQLITE) and len(text) > len(SQLITE)):
        raise ValueError(
            "is no address of a database; use postgres://user:password@host/name or"
            " sqlite:///path/to/file.sqlite3, or leave it empty."
        )
    return text


def sqlite_path(text: str) -> Path:
    """The file of a `sqlite:///` address; a relative one starts in the checkout."""
    return ROOT / unquote(text.removeprefix(SQLITE))


def postgres(text: str) -> PostgresAddress:
    """What a `postgres://` address says, percent-decoded. Raises ValueError."""
    place, _, query = text.partition("://")[2].partition("?")
    authority, slash, name = place.partition("/")
    user_info, _, host_port = authority.rpartition("@")
    user, _, password = user_info.partition(":")
    found = _PLACE.match(host_port)
    # An @ behind the host is one of a password that also has a / or a ? in it: all of this may be secret.
    if "#" in text or "/" in name or "@" in name or "@" in query or found is None:
        raise ValueError(
            "cannot be read: what is not a letter or a digit in a user, a password, a folder or behind them"
            " is percent-encoded: it is written as % and its code (@ is %40, / is %2F,"
            " : is %3A, # is %23, ? is %3F)."
        )
    if not slash or not name:
        raise ValueError("must name a database: postgres://user:password@host/name.")
    options = _options(query)
    host = options.pop("host", "") or _decoded(found["host"].strip("[]"))
    return PostgresAddress(
        name=_decoded(name),
        host=host,
        port=_port(options.pop("port", "") or found["port"] or ""),
        user=_decoded(user),
        password=_decoded(password),
        options=options,
    )


def _options(query: str) -> dict[str, str]:
    """As libpq reads them: "+" is a plus, and of what is said twice the last holds."""
    options: dict[str, str] = {}
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        if name not in (*OPTIONS, "host", "port"):
            known = ", ".join(("host", "port", *OPTIONS))
            # Not quoted: it may be the rest of a password.
            raise ValueError(f"has after its question mark what is none of {known}.")
        options[name] = _decoded(value)
    if not options.get("connect_timeout", "1").isdecimal():
        raise ValueError("has a connect_timeout that is no number of seconds.")
    return options


def _port(text: str) -> str:
    if text and not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= _LARGEST_PORT):
        raise ValueError(f"must have a port from 1 to {_LARGEST_PORT}.")
    return text


def _decoded(text: str) -> str:
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError:
        # Python's reason would show the bytes: they may be of a password.
        decoded = "\0"
    if "\0" in decoded:
        raise ValueError("cannot be read: after % it has what is no text in UTF-8.")
    return decoded
