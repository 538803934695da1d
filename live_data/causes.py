"""Why a room is not connected, or not wholly, in words. Pure."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

NOT_LIVE = "not live"  #: cause of a room that is left unconnected on purpose

WORDS: Mapping[str, Promise] = {
    "guest": gettext_lazy("as a guest, limited by the site"),
    "starved": gettext_lazy("the chat was far below the room's own rhythm; it is connected anew"),
    "connecting": gettext_lazy("connecting"),
    "connection lost": gettext_lazy("the connection was lost"),
    "connection ended": gettext_lazy("the connection ended"),
    "silence": gettext_lazy("nothing arrived for too long"),
    "authentication rejected": gettext_lazy("the site rejected our authentication"),
    "unreachable": gettext_lazy("the site cannot be reached"),
    "site error": gettext_lazy("the site answered with an error"),
    "refused": gettext_lazy("the site refused"),
    "room does not exist": gettext_lazy("the room does not exist"),
    "room is locked": gettext_lazy("the room is locked"),
    "risk control": gettext_lazy("the site's risk control stopped us; a longer pause follows"),
    "not logged in": gettext_lazy("the account is no longer logged in"),
    "unexpected answer": gettext_lazy("the site answered something unexpected"),
    "collector was not running": gettext_lazy("the collector was not running"),
    "journal damaged": gettext_lazy("a part of the journal was lost before the database had it"),
    "collector was stopped": gettext_lazy("the collector was stopped"),
    "not watched": gettext_lazy("the room is not watched any more"),
    "collector error": gettext_lazy("the collector itself failed; it tries again by itself"),
}
_OTHER_CAUSE = gettext_lazy("for a reason that this version does not know")


def words(cause: str) -> str:
    """In the language of whoever asks."""
    return str(WORDS.get(cause, _OTHER_CAUSE))
