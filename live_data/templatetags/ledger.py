"""Addresses of lines of the ledger: what a figure on the page of gifts is made of."""

from typing import Any

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
    query = request.GET.copy()
    for name in (*_CHOICES, *(name for name in _ENDS if name in chosen)):
        query.pop(name, None)
    for name, value in chosen.items():
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}#lines"
