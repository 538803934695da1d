"""From the text of a setting to its value; the text of a ValueError ends the sentence "NAME=text ..."."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the checkout; relative paths in settings start here."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """Whether the server of `url` can only be on this machine."""
    return is_loopback(urlsplit(url).hostname or "")


def loopback_host(text: str) -> str:
    """An address that only this machine reaches: without a login nobody else may see the page."""
    if not is_loopback(text):
        raise ValueError("is reachable from outside, and there is no login yet; use HOST=127.0.0.1.")
    return text


def whole(least: int, most: int) -> Callable[[str], int]:
    """A parser of whole numbers from `least` to `most`."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and least <= int(text[:19]) <= most):
            raise ValueError(f"must be a whole number from {least} to {most}.")
        return int(text)

    return parse


def partitions(is_postgres: bool) -> Callable[[str], int]:
    """A parser of how many syncs share the rooms."""
    number = whole(1, 64)

    def parse(text: str) -> int:
        count = number(text)
        if count > 1 and not is_postgres:
            raise ValueError("needs PostgreSQL (DATABASE_URL): into SQLite one process writes at a time")
        return count

    return parse


def pause(allow_zero: bool) -> Callable[[str], float]:
    """A parser of seconds between two calls; 0 only where the site is this machine."""

    def parse(text: str) -> float:
        try:
            seconds = float(text)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= 3600:
            raise ValueError("must be seconds from 0 to 3600, such as 1.0.")
        if seconds == 0 and not allow_zero:
            raise ValueError(
                "would call the real site without a pause; 0 is only for a BILIBILI_URL on this machine."
            )
        return seconds

    return parse


def gibibytes(text: str) -> float:
    """A size in GiB."""
    try:
        size = float(text)
    except ValueError:
        size = -1.0
    if not 0 <= size <= 1e6:
        raise ValueError("must be GiB from 0 to 1000000, such as 5 or 0.5.")
    return size


def folder(text: str) -> Path:
    """An absolute path; a relative one starts in the checkout, wherever the command was typed."""
    path = Path(text).expanduser()
    return path if path.is_absolute() else ROOT / path


def redis_url(text: str) -> str:
    """The address of a Redis server, or empty."""
    if text and _split(text).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError(
            "must begin with redis://, rediss:// or unix://; leave it empty for the embedded server."
        )
    return text


def site(text: str) -> str:
    """The base URL of a site without the slash at its end, or empty."""
    parts = _split(text)
    if text and not (parts.scheme in {"http", "https"} and parts.hostname):
        raise ValueError(
            "must be an address such as http://127.0.0.1:9000; leave it empty for the real site."
        )
    return text.rstrip("/")


def proxy(text: str) -> str:
    """The address of an HTTP proxy, perhaps with a user and a password, or empty."""
    parts = _split(text)
    if parts.scheme.startswith("socks"):
        raise ValueError("is a SOCKS proxy, which is not supported; use one of http:// or https://.")
    if text and not (parts.scheme in {"http", "https"} and parts.hostname):
        raise ValueError("must be an address such as http://127.0.0.1:7890; leave it empty for no proxy.")
    return text


def comma_separated(text: str) -> tuple[str, ...]:
    """The parts between commas (the Chinese one too), without blanks, as typed."""
    return tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())


def time_zone(text: str) -> str:
    """The IANA name of a time zone."""
    try:
        ZoneInfo(text)
    except (ValueError, OSError, ZoneInfoNotFoundError):  # a path, a folder, an unknown name
        raise ValueError("is no time zone; use a name such as Asia/Shanghai or Europe/Berlin.") from None
    return text


def clock_time(text: str) -> int:
    """Hours and minutes of a clock, as minutes after midnight."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text)
    if found is None:
        raise ValueError("must be a time of day from 00:00 to 23:59, such as 06:00.")
    return int(found[1]) * 60 + int(found[2])


def log_level(text: str) -> str:
    """One of LOG_LEVELS."""
    if text.upper() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}.")
    return text.upper()


def without_secrets(text: str) -> str:
    """An address for people: without user, password and query; what is no address as it is.

    A password may itself hold "/", "@" or "?": where its end is not certain, only the scheme stays.
    """
    scheme, separator, rest = text.partition("://")
    place, _, query = rest.partition("?")
    if not separator or "@" in query:
        return f"{scheme}://***" if separator else text
    return f"{scheme}://{place if place.startswith('/') else place.rpartition('@')[2]}"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read for its check: a port that is no number is found only here
    except ValueError:
        # Python's reason would show what it takes for the port: it may be half of a password.
        raise ValueError("is no address: its host or port cannot be read.") from None
    return parts
