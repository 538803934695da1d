"""Commands that are counted and not kept: why, in words. Reads no table."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bilibili_live.protocol.commands import COMMANDS
from bilibili_live.protocol.ignored import Reason, reason_for

REASONS: Mapping[Reason, Promise] = {
    Reason.SUMMED: _("sums up what is reported singly"),
    Reason.REPEATED: _("repeats what another message says"),
    Reason.RUNNING: _("a running score; its end is kept"),
    Reason.SITE: _("news of the whole site, not of this room"),
    Reason.RANKING: _("a place in the site's rankings"),
    Reason.DECORATION: _("a banner, an effect or a task of the site's page"),
    Reason.SHOP: _("the shop and its goods"),
    Reason.CONTROLS: _("controls of the site's player and panels"),
    Reason.CONNECTIONS: _("the state of connections between rooms"),
    Reason.PRIVATE: _("meant for one account or the streamer alone"),
    Reason.PLATFORM: _("comes on the official platform's own connection"),
}
_READ_BY_NOW = _("kept by now; these are of before")
_UNKNOWN = _("not known: see New from Bilibili")


def why(command: str) -> Promise:
    """A command that stands in the counts of ignored ones."""
    reason = reason_for(command)
    if reason is not None:
        return REASONS[reason]
    return _READ_BY_NOW if command in COMMANDS else _UNKNOWN
