"""Addresses of lines of the ledger: what a figure on the page of gifts is made of."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest

register = template.Library()

_CHOICES = ("kind", "sort", "gift", "box", "level", "taken_down", "masked", "cursor")
_ENDS = ("since", "until", "tz", "room_id", "user")


@register.simple_tag(takes_context=True)
def lines_of(context: dict[str, Any], **chosen: object) -> str:
    """The same page with these lines only; of ``room_id``, ``user`` too, in place of those that were chosen.

    What is None or "" does not choose.
    """
    request: HttpRequest = context["request"]
    others = {*_CHOICES, *(name for name in _ENDS if name in chosen)}
    asked = [(name, each) for name, given in request.GET.lists() if name not in others for each in given]
    asked += [(name, str(value)) for name, value in chosen.items() if value not in (None, "")]
    return f"?{urlencode(asked)}#lines"
