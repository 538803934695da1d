"""Bytes and stretches of time in templates."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MOST = 1e15  # more than any disk takes in a second


@register.filter
def size(number: int | None) -> SafeString:
    """12.3 MiB; the title has the exact number. "–" for what is not known."""
    if number is None:
        return SafeString("–")
    amount, unit = float(number), 0
    while abs(amount) >= 1024 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    shown = f"{amount:,.1f}" if unit and amount < 100 else f"{amount:,.0f}"
    return format_html('<span translate="no" title="{} B">{} {}</span>', f"{number:,}", shown, _UNITS[unit])


@register.filter
def lasting(seconds: float) -> str:
    """The two largest parts of a stretch of time: "3 d 4 h", "12 min 5 s", "0.3 s"."""
    whole = int(seconds)
    if whole >= _DAY:
        return _("{days} d {hours} h").format(days=whole // _DAY, hours=whole % _DAY // _HOUR)
    if whole >= _HOUR:
        return _("{hours} h {minutes} min").format(hours=whole // _HOUR, minutes=whole % _HOUR // _MINUTE)
    if whole >= _MINUTE:
        return _("{minutes} min {seconds} s").format(minutes=whole // _MINUTE, seconds=whole % _MINUTE)
    return _("{seconds} s").format(seconds=f"{seconds:.1f}".removesuffix(".0"))


@register.filter
def per_day(per_second: float) -> int:
    """What comes together in a day."""
    return round(min(per_second, _MOST) * _DAY)


@register.filter
def thousandth(milliseconds: float) -> float:
    """Seconds of milliseconds."""
    return milliseconds / 1000
