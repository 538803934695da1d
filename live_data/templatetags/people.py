"""People in addresses."""

from django import template

from live_data.forms.lists import LONGEST_USER
from live_data.queries.payers import Payer
from live_data.views.line_address import line_address
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
    user = {"user": person.uid}
    return line_address(page, person.stretch, person.calendar.zone, user | chosen)
