"""What cannot be stored is kept whole, with the reason. Knows no table of events."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b

from django.db import DatabaseError, DataError, IntegrityError, OperationalError
from django.db.models import F

from bilibili_live.events import AnyEvent
from event_store import codec
from live_data.models import DeadLetter
from live_data.storing.counts import countable

#: What one event may be the cause of: a value that fits no column, or one that nobody foresaw in this
#: code. A locked database or a full disk is an OperationalError, and passes.
POISON = (
    DataError,
    IntegrityError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
)

_LONGEST_REASON = 500
_LIMIT_EXCEEDED = "54000"  # PostgreSQL's program_limit_exceeded


@contextmanager
def limits_are_of_values() -> Iterator[None]:
    """A text that is too long for an index is an OperationalError of PostgreSQL, which would be waited for;
    here it is a DataError, as other values that fit nowhere."""
    try:
        yield
    except OperationalError as error:
        if is_of_value(error):
            raise DataError(str(error)) from error
        raise


def is_of_value(error: DatabaseError) -> bool:
    """Whether a value is the cause, and waiting does not help."""
    return isinstance(error, DataError) or getattr(error.__cause__, "sqlstate", None) == _LIMIT_EXCEEDED


def bury(event: AnyEvent, parser_version: int, error: Exception, now: datetime) -> None:
    """Keeps the event, or notes one more delivery of one that is kept."""
    told = codec.encode_event(event)
    letter, is_new = DeadLetter.objects.get_or_create(
        kind=event.kind,
        # What is only sampled has no id.
        event_id=event.event_id or blake2b(told, digest_size=16).digest(),
        room_id=countable(event.room_id),
        parser_version=parser_version,
        defaults={
            "event": told,
            "reason": reason(error),
            "first_failed_at": now,
            "last_failed_at": now,
        },
    )
    if not is_new:
        failed_again(letter, error, now, deliveries=1)


def failed_again(letter: DeadLetter, error: Exception, now: datetime, deliveries: int = 0) -> None:
    DeadLetter.objects.filter(pk=letter.pk).update(
        times=F("times") + deliveries, last_failed_at=now, reason=reason(error)
    )


def reason(error: Exception) -> str:
    """One line, fit for a column and a terminal whatever it quotes."""
    said = " ".join(str(error).split())[:_LONGEST_REASON]
    shown = "".join(each if each.isprintable() else "\ufffd" for each in said)
    return f"{type(error).__name__}: {shown}" if shown else type(error).__name__
