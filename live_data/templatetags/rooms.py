"""Rooms to choose from."""

from collections.abc import Collection, Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from live_data.templatetags.wording import shortened

register = template.Library()

_LONGEST = 40  #: characters of a name
_CHOICE = (
    '<label class="room-chooser-room">'
    '<input type="checkbox" class="form-check-input" name="room_id" value="{}"{}> '
    '<bdi class="foreign" translate="no">{}</bdi> <span class="note" translate="no">{}</span></label>'
)


@register.simple_tag
def room_choices(rooms: Iterable[tuple[int, str, str]], chosen: Collection[str]) -> SafeString:
    """A checkbox for each of (room_id, streamer, title); ``chosen``: numbers as text.

    Made here, and escaped as a template would: nodes of one took a tenth of a page of 200 rooms.
    """
    lines = (
        (
            number,
            SafeString(" checked") if str(number) in chosen else "",
            shortened(uname or number, _LONGEST),
            number,
        )
        for number, uname, _title in rooms
    )
    return format_html_join("\n", _CHOICE, lines)
