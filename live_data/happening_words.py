"""What happened in a room, in the reader's language. Pure.

A sentence of ours, and apart from it what the site or a person said, which is foreign text.
"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Happened(Protocol):
    """A row or an event of a room's state."""

    @property
    def what(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def area_name(self) -> str: ...
    @property
    def detail(self) -> str: ...


class Told(NamedTuple):
    sentence: str
    said: str  #: foreign; may be empty


_SENTENCES: Mapping[str, Promise] = {
    "live": _("Went live"),
    "preparing": _("Off air"),
    "preparing:1": _("Off air, a replay follows"),
    "change": _("New title or area"),
    "login_notice": _("The site treats the connection as a guest's"),
    "warning": _("Warned by the site"),
    "violation": _("Reproached by the site"),
    "cut_off": _("Cut off by the site"),
    "lock": _("Locked by the site until"),
    "block": _("Silenced by the streamer"),
    "block_by_admin": _("Silenced by an admin"),
    "silent_on": _("Chat restricted by"),
    "silent_off": _("Chat open to everyone again"),
    "admins": _("The admins are other people now, in all"),
    "admin_added": _("Admin appointed"),
    "admin_revoked": _("Admin dismissed"),
    "recall": _("Lines taken off the screens"),
    "recall:1": _("A line taken off the screens"),
    "recall:2": _("Somebody's lines taken off the screens"),
    "recall:3": _("All lines taken off the screens"),
    "toast": _("Notice of the site"),
    "pk": _("PK goes on"),
    "pk:101": _("PK announced, against"),
    "pk:201": _("PK begun"),
    "pk:301": _("PK in its final stretch"),
    "pk:401": _("PK settled"),
    "pk:601": _("PK broken off and settled"),
    "pk:1001": _("PK over, the forfeit too"),
    "lottery_start": _("Lottery begun"),
    "lottery_check": _("Lottery looked at by the site"),
    "lottery_end": _("Lottery closed"),
    "lottery_award": _("Lottery drawn"),
    "video_start": _("Video link with"),
    "video_end": _("Video link ended"),
    "voice_start": _("Voice link with"),
    "voice_end": _("Voice links ended"),
}
_OTHER = _("Something that this version has no words for")
_MEASURES: Mapping[str, Promise] = {
    "member": _("followers only"),
    "medal": _("level of the fan medal"),
    "level": _("level of the user"),
    "wealth": _("level of honour"),
}
#: Whose ``value`` is what was said.
_SAYING = frozenset({"warning", "violation", "cut_off", "lock", "toast", "login_notice"})
_ABOUT_SOMEBODY = frozenset({"admin_added", "admin_revoked"})


def told(happened: Happened) -> Told:
    """Never raises: values are the site's, and any may come."""
    what = happened.what
    sentence = _SENTENCES.get(f"{what}:{_case(happened)}") or _SENTENCES.get(what)
    if sentence is None:
        return Told(str(_OTHER), what)
    return Told(str(sentence), _said(happened))


def _case(happened: Happened) -> str:
    """Which of the sentences of one kind."""
    first, _colon, second = happened.value.partition(":")
    return second if happened.what == "pk" else first


def _said(happened: Happened) -> str:
    what, value = happened.what, happened.value
    if what in _SAYING or what in _ABOUT_SOMEBODY:
        return value
    if what == "change":
        return " · ".join(filter(None, (happened.title, happened.area_name)))
    if what == "silent_on":
        return _measure(value)
    if what == "recall":
        return value.partition(":")[2]
    return happened.detail


def _measure(value: str) -> str:
    """ "level:5:-1" -> "level of the user: 5"."""
    kind, _colon, rest = value.partition(":")
    named = str(_MEASURES.get(kind, kind))
    level = rest.partition(":")[0]
    return named if kind == "member" or not level else f"{named}: {level}"
