"""Days of a room in addresses."""

from django import template

from live_data.views.line_address import line_address
from live_data.views.room_days import Line

register = template.Library()


@register.simple_tag
def lines_of(line: Line, page: str, room_id: int, zone: str, **chosen: object) -> str:
    """The page of danmaku or of gifts with what the room had on that day."""
    return line_address(page, line.stretch, zone, {"room_id": room_id} | chosen)
