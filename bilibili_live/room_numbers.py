"""The room that a person typed. Pure; whether the room exists is for the site to say."""

import re

#: Where JavaScript's numbers, and so the site's own pages, end.
LARGEST = 2**53

_URL = re.compile(
    r"(?:https?://)?live\.bilibili\.com/(?:blanc/|h5/)?(?P<number>\d{1,20})/?(?:[?#]\S*)?\Z",
    re.IGNORECASE | re.ASCII,
)
_NUMBER = re.compile(r"\d{1,20}\Z", re.ASCII)


def parse_room(text: str) -> int:
    """The number in "22889484" or "https://live.bilibili.com/22889484?visit_id=1".

    Raises ValueError with one line that says what was wrong.
    """
    typed = text.strip()
    found = _URL.match(typed)
    digits = found["number"] if found else typed
    if not _NUMBER.match(digits):
        raise ValueError(f"{_shown(typed)} is no room: a number or a live.bilibili.com address is")
    if not 0 < int(digits) <= LARGEST:
        raise ValueError(f"{digits} is no room: room numbers go from 1 to {LARGEST}")
    return int(digits)


def _shown(typed: str) -> str:
    """What was typed, safe to print in one short line."""
    return repr(typed if len(typed) <= 60 else typed[:60] + "…")
