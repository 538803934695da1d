"""Numbers, money and times in templates, worded as words.js does it in scripts."""

from datetime import datetime, tzinfo
from decimal import Decimal
from unicodedata import normalize

from babel.numbers import format_compact_decimal
from django import template
from django.template.defaultfilters import truncatechars
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from live_data import payloads

register = template.Library()

GOLD_PER_BATTERY = 100
_LOCALES = {"zh-hans": "zh_Hans"}  # Babel's name of Django's; every other language counts as English does


@register.filter
def count(number: int) -> str:
    """12,345."""
    return f"{number:,}"


@register.filter
def shortened(text: object, most: int) -> str:
    """As truncatechars does, which asks for the translation of its dots also where there are none."""
    whole = normalize("NFC", str(text))
    return whole if len(whole) <= most else truncatechars(whole, most)


@register.filter
def compact(number: int) -> str:
    """1.2万 or 12.3K: for figures that change while one looks; the exact one belongs into the title."""
    locale = _LOCALES.get(get_language() or "", "en")
    return format_compact_decimal(number, locale=locale, fraction_digits=1)


@register.filter
def cny(gold: int) -> str:
    """Gold seeds as "¥1,234.55" or "1,234.55 元"; a third decimal only where it is needed."""
    sign, (whole, _point, decimals) = "-" if gold < 0 else "", payloads.cny(abs(gold)).partition(".")
    return _("¥{amount}").replace("{amount}", f"{sign}{int(whole):,}.{decimals}")


@register.filter
def batteries(gold: int) -> str:
    """Gold seeds as batteries, what the site's own app shows."""
    amount = Decimal(gold) / GOLD_PER_BATTERY
    shown = f"{amount:,.2f}".rstrip("0").rstrip(".")
    return _("{amount} battery").replace("{amount}", shown)


@register.filter
def moment(time: datetime | None) -> SafeString:
    """To the second in the viewer's zone; the title names the zone. "–" for never."""
    if time is None:
        return SafeString("–")
    local = timezone.localtime(time)
    return format_html(
        '<time datetime="{}" title="{} {}">{}</time>',
        payloads.rfc3339(time),
        local.isoformat(sep=" ", timespec="milliseconds"),
        timezone.get_current_timezone_name(),
        local.strftime("%Y-%m-%d %H:%M:%S"),
    )


@register.filter
def for_input(text: str | None, zone: tzinfo) -> str:
    """What a datetime-local field shows of a moment that an address names; nonsense is shown as nothing."""
    try:
        moment = datetime.fromisoformat(text or "")
        local = moment.astimezone(zone) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return ""
    return local.strftime("%Y-%m-%dT%H:%M:%S" if local.second else "%Y-%m-%dT%H:%M")
