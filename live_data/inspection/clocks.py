"""The collectors' clocks: how far from the site's, and when they were set."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from live_data.models import ClockReading
from live_data.redis_report import Problem

_DAY = timedelta(days=1)
_WORTH_A_WORD = 5_000  #: ms
_REFUSED = 300_000  #: ms; the site's own tolerance is not published, so that this is a guess
_MOST_STEPS = 10


@dataclass(frozen=True, slots=True)
class Clocks:
    """What is known of them."""

    offsets: list[ClockReading]  #: the newest of each collector
    steps: list[ClockReading]  #: newest first

    @property
    def is_empty(self) -> bool:
        return not (self.offsets or self.steps)


def look() -> Clocks:
    """Raises DatabaseError."""
    newest: dict[str, ClockReading] = {}
    for reading in ClockReading.objects.filter(kind=ClockReading.Kind.OFFSET).order_by("-pk")[:100]:
        newest.setdefault(reading.collector, reading)
    steps = ClockReading.objects.filter(kind=ClockReading.Kind.STEP).order_by("-pk")[:_MOST_STEPS]
    return Clocks(sorted(newest.values(), key=lambda reading: reading.collector), list(steps))


def problems(now: datetime) -> list[Problem]:
    """Of the last day. Raises DatabaseError."""
    found = look()
    return [*_offsets(found.offsets, now), *_steps(found.steps, now)]


def suspicion(now: datetime) -> str:
    """Why the site may refuse all that is signed here; "" = not for the clock. Raises DatabaseError."""
    offsets = [each for each in look().offsets if now - each.timestamp < _DAY]
    far = [each.ms for each in offsets if abs(each.ms) > _REFUSED + each.uncertain_ms]
    if not far:
        return ""
    said = _(
        "The clock of this machine differs from the site's by %(seconds)s s, which is the likely cause: "
        "what is signed with a wrong time is refused. Set the clock."
    )
    return said % {"seconds": _seconds(max(far, key=abs))}


def _offsets(offsets: list[ClockReading], now: datetime) -> Iterator[Problem]:
    for reading in offsets:
        if abs(reading.ms) > _WORTH_A_WORD + reading.uncertain_ms and now - reading.timestamp < _DAY:
            said = (
                _("the clock of this machine is %(seconds)s s behind the site's")
                if reading.ms > 0
                else _("the clock of this machine is %(seconds)s s ahead of the site's")
            )
            yield Problem(said % {"seconds": _seconds(reading.ms)}, reading.collector)


def _steps(steps: list[ClockReading], now: datetime) -> Iterator[Problem]:
    for reading in steps:
        if abs(now - reading.timestamp) < _DAY:
            said = (
                _("the clock of this machine was %(seconds)s s behind until %(time)s, or the machine slept")
                if reading.ms > 0
                else _("the clock of this machine was %(seconds)s s ahead until %(time)s")
            )
            time = timezone.localtime(reading.timestamp).strftime("%Y-%m-%d %H:%M:%S")
            yield Problem(said % {"seconds": _seconds(reading.ms), "time": time}, reading.collector)


def _seconds(milliseconds: int) -> str:
    return f"{abs(milliseconds) / 1000:,.1f}"
