"""Why a room was refused, or could not be verified, in the reader's language. Pure."""

import math

from django.utils import timezone
from django.utils.translation import gettext as _

from bilibili_live.errors import (
    BilibiliError,
    NoRoomBehindLink,
    RiskControl,
    RoomLocked,
    RoomNotFound,
    Unreachable,
)
from bilibili_live.room_numbers import LARGEST, NoRoom, OutOfRange, shown

quoted = shown


def sentence(error: NoRoom | BilibiliError, *, is_accepted: bool) -> str:
    """``is_accepted``: the room is watched all the same, and the collector goes on asking for it."""
    if isinstance(error, NoRoom):
        return _typed(error)
    if isinstance(error, RoomNotFound | NoRoomBehindLink | RoomLocked):
        return _refused(error)
    if is_accepted:
        return _("not verified: %(reason)s; the collector keeps trying.") % {"reason": _reason(error)}
    return _("nobody can say which room this link means: %(reason)s. Try again later.") % {
        "reason": _reason(error)
    }


def _typed(error: NoRoom) -> str:
    if isinstance(error, OutOfRange):
        return _("this is no room: room numbers go from 1 to %(most)s.") % {"most": LARGEST}
    return _("this is no room: a room number, a live.bilibili.com address or a b23.tv link is.")


def _refused(error: BilibiliError) -> str:
    if isinstance(error, RoomNotFound):
        return _("this room does not exist.")
    if isinstance(error, NoRoomBehindLink):
        return _("this link leads to no live room.")
    if isinstance(error, RoomLocked) and error.until:
        until = timezone.localtime(error.until).strftime("%Y-%m-%d %H:%M")
        return _("this room is locked by the site until %(time)s.") % {"time": until}
    return _("this room is locked or hidden by the site.")


def _reason(error: BilibiliError) -> str:
    if isinstance(error, RiskControl):
        seconds = math.ceil(error.seconds)
        return _("the site asked for a pause, %(seconds)d s more") % {"seconds": seconds}
    if isinstance(error, Unreachable):
        return _("the site cannot be reached")
    return _("the site answered with an error")
