"""Figures of the page of gifts, and addresses of the lines of the ledger that they are made of."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from live_data.queries.takings import Gold
from live_data.templatetags.wording import batteries, cny

register = template.Library()

_CHOICES = ("kind", "sort", "gift", "box", "level", "taken_down", "masked", "cursor")
_ENDS = ("since", "until", "tz", "room_id", "user")

_IN_ALL = '<td class="figure" title="{}"><a href="{lines}"><strong>{}</strong></a></td>'
_NOTHING_IN_ALL = '<td class="figure" title="{}"><strong>{}</strong></td>'
_OF_KIND = '<td class="figure" title="{}">{}</td>'
_NOTHING = '<td class="figure is-nothing" translate="no">–</td>'


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


@register.simple_tag
def gold_cells(gold: Gold, lines: str) -> SafeString:
    """Revenue in all, leading to its lines, and by kind: cells of a row.

    Made here, and escaped as a template would: nodes of all the rows took a third of rendering the page.
    """
    of_kinds = "".join(_OF_KIND if kind else _NOTHING for kind in gold)
    told = [said for kind in gold if kind for said in (batteries(kind), cny(kind))]
    total = (batteries(gold.total), cny(gold.total))
    if not gold.total:
        return format_html(_NOTHING_IN_ALL + of_kinds, *total, *told)
    return format_html(_IN_ALL + of_kinds, *total, *told, lines=lines)
