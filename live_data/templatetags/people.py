"""People in addresses."""

from django import template

from live_data.forms.lists import LONGEST_USER
from live_data.queries.payers import Payer

register = template.Library()


@register.filter
def as_user(payer: Payer) -> str:
    """What `?user=` calls a person: the uid, else the name; "" for a name that no address can carry."""
    if payer.uid is not None:
        return str(payer.uid)
    name = f"@{payer.name}"
    is_usable = len(name) <= LONGEST_USER and payer.name.strip() == payer.name != ""
    return name if is_usable else ""
