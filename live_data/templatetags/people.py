"""People in addresses."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from live_data.forms.lists import LONGEST_USER
from live_data.queries.payers import Payer
from live_data.views.person import Person

register = template.Library()


@register.filter
def as_user(payer: Payer) -> str:
    """What `?user=` calls somebody without a uid; "" for a name that no address can carry."""
    name = f"@{payer.name}"
    is_usable = len(name) <= LONGEST_USER and payer.name.strip() == payer.name != ""
    return name if is_usable else ""


@register.simple_tag
def their_lines(person: Person, page: str, **chosen: object) -> str:
    """The page of danmaku or of gifts with what this person said or gave in the time that is shown.

    ``chosen``: `room_id` and what else that page chooses by; None does not choose.
    """
    query: dict[str, object] = {"user": person.uid}
    if person.stretch is not None:
        since, until = person.stretch
        query |= {"since": since.isoformat(), "until": until.isoformat(), "tz": person.calendar.zone}
    query |= {name: value for name, value in chosen.items() if value is not None}
    return f"{reverse(f'live_data:{page}')}?{urlencode(query)}{'#lines' if page == 'gifts' else ''}"
