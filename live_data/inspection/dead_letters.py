"""Events that could not be stored, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from live_data.models import DeadLetter
from live_data.redis_report import Problem

_MOST = 30


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Those that came last first."""

    shown: Sequence[DeadLetter]
    has_more: bool


def look() -> DeadLetters:
    """Raises DatabaseError. Nothing is counted: after a bad fault there are as many as events came."""
    found = list(DeadLetter.objects.defer("event").order_by("-pk")[: _MOST + 1])
    return DeadLetters(found[:_MOST], len(found) > _MOST)


def problems() -> list[Problem]:
    """Raises DatabaseError."""
    if not DeadLetter.objects.exists():
        return []
    said = _("some events could not be stored, and are kept: `manage.py retry_dead_letters` tries them again")
    return [Problem(said)]
