"""One part that cannot be looked at must not take the others with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from django.db import DatabaseError
from django.utils.translation import gettext as _

from live_data.redis_access import RedisRefused, RedisUnavailable

Part = TypeVar("Part")

#: ValueError: what another program, or newer code, has written into Redis or a file.
FAILURES = (RedisUnavailable, RedisRefused, DatabaseError, OSError, ValueError, OverflowError)

_LONGEST = 300  # characters of what is told


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a part cannot be shown."""

    failed: str  #: in the language of whoever asks
    detail: str  #: technical, one line


Attempt: TypeAlias = Part | Failed


def attempted(look: Callable[[], Part], passing: tuple[type[Exception], ...] = ()) -> Attempt[Part]:
    """What ``look`` finds, or why it finds nothing. Raises what ``passing`` names."""
    try:
        return look()
    except passing:
        raise
    except FAILURES as error:
        return told(error)


def told(error: BaseException) -> Failed:
    """In words."""
    if isinstance(error, RedisUnavailable):
        return Failed(_("Redis does not answer; start it with `make run`, or set REDIS_URL."), error.detail)
    detail = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
    if isinstance(error, DatabaseError):
        return Failed(_("The database cannot be used."), detail)
    if isinstance(error, RedisRefused):
        return Failed(_("Redis refuses."), detail)
    if isinstance(error, OSError):
        return Failed(_("The disk refuses."), detail)
    return Failed(_("What is there cannot be read."), detail)
