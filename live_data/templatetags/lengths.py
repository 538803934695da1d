"""How long something lasted, in words."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

register = template.Library()

_MINUTE, _HOUR = 60, 3600  # s


@register.filter
def length(lasted: timedelta) -> str:
    """The two units that matter: "3 d 4 h", "4 h 10 min", "10 min", "40 s"."""
    seconds = max(1, round(lasted.total_seconds()))
    if seconds < _MINUTE:
        return _("{seconds} s").format(seconds=seconds)
    if seconds < _HOUR:
        return _("{minutes} min").format(minutes=seconds // _MINUTE)
    hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
    if hours < 24:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{days} d {hours} h").format(days=hours // 24, hours=hours % 24)
