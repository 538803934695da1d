"""How single values are shown: instants to the second, ids as text, words of others kept to themselves."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from django.contrib import admin
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from live_data.templatetags.wording import moment

Column: TypeAlias = str | Callable[[Any], SafeString]

IN_A_LIST = 80  #: characters of a text that a list shows


def columns(model: type[models.Model], *names: str) -> tuple[Column, ...]:
    """Of a list: fields by name, shortened."""
    return tuple(column(model, name, IN_A_LIST) for name in names)


def column(model: type[models.Model], name: str, most: int | None = None) -> Column:
    """A field as it is to be shown, at most ``most`` characters of it; Django shows the plain ones itself."""
    field: Any = model._meta.get_field(name)
    shown = _shown(field, most)
    if shown is None:
        return name

    @admin.display(description=field.verbose_name)
    def of_row(row: models.Model) -> SafeString:
        return shown(getattr(row, name))

    of_row.__name__ = name  # Django makes the cell's class of it
    return of_row


def foreign(text: str, most: int | None = None) -> SafeString:
    """What somebody else wrote: escaped, and an override of the direction ends with it."""
    short = Truncator(text).chars(most) if most else text
    return format_html('<bdi class="foreign" translate="no">{}</bdi>', short)


def _shown(field: Any, most: int | None) -> Callable[[Any], SafeString] | None:
    """None: as Django shows it. ``field`` is any field, also one without choices."""
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.BinaryField):
        return _hex
    if isinstance(field, models.JSONField):
        return lambda value: foreign("–" if value is None else json.dumps(value, ensure_ascii=False), most)
    if isinstance(field, models.ForeignKey):
        return _room if most else None
    if isinstance(field, models.TextField | models.CharField) and not field.choices:
        return lambda text: foreign(text or "–", most)
    return None


def _moment(time: datetime | None) -> SafeString:
    return moment(time)


def _hex(value: bytes) -> SafeString:
    return format_html('<code translate="no">{}</code>', bytes(value).hex())


def _room(room: Any) -> SafeString:
    return format_html('<span translate="no">{}</span> {}', room.room_id, foreign(room.uname, IN_A_LIST))
