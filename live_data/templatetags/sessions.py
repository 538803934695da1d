"""What pages of sessions say beside numbers, money and times."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone

from live_data.instants import moment
from live_data.queries.calendar import Stretch

register = template.Library()


@register.filter
def ends_apart(stretch: Stretch) -> timedelta:
    return stretch.until - stretch.since


@register.filter
def clock_of_ms(milliseconds: int) -> str:
    """The time of day in the viewer's zone, to the minute."""
    return timezone.localtime(moment(milliseconds)).strftime("%H:%M")


@register.filter
def share_of(part: int, whole: int) -> str:
    """ "12.5 %"; "–" of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


@register.filter
def signed(number: int) -> str:
    """ "+12,345", "−3", "±0"."""
    if not number:
        return "±0"
    return f"{'+' if number > 0 else '−'}{abs(number):,}"


@register.filter
def for_field(time: datetime) -> str:
    """What a datetime-local field shows, in the viewer's zone, to the second."""
    return timezone.localtime(time).strftime("%Y-%m-%dT%H:%M:%S")
