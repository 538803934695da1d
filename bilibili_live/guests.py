"""By what one sees that the site treats a connection as a guest's, whoever it was authenticated as. Pure.

Guests are told by LOG_IN_NOTICE since 2023-06-30, and see names as "观***" without a uid. An account whose
cookies the site does not believe is masked without a word (blivedm #68, #80).
"""

from bilibili_live.events import Danmaku, Decoded, RoomState

_MASK = "***"


def guest_words(decoded: Decoded) -> str:
    """What says it, for people; "" when nothing does."""
    for event in decoded.events:
        if isinstance(event, RoomState) and event.what == "login_notice":
            return "the site says that we are not logged in"
        if isinstance(event, Danmaku) and event.uid is None and _is_masked(event.username):
            return "the site masks names as it does for guests"
    return ""


def is_real(decoded: Decoded) -> bool:
    """Whether there is a message of the room in it, and not only the notice that every guest is sent."""
    tally = decoded.tally
    return bool(tally.ignored or tally.rejected) or any(
        not (isinstance(event, RoomState) and event.what == "login_notice") for event in decoded.events
    )


def _is_masked(name: str) -> bool:
    """Not the bare "***" that chat of mode 7 shows to everybody (blivedm #46)."""
    return len(name) == 1 + len(_MASK) and name.endswith(_MASK) and name[0] != "*"
