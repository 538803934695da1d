"""The facets of a query: their keys, in English and as Chinese users write them, and their values. Pure.

A value is read into its canonical form, which reads into itself; `values` makes of it what is compared.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from live_data.search import spans
from live_data.search.folding import fold

#: Raises ValueError with a sentence for people.
Reader = Callable[[str], str]

KINDS: Mapping[str, tuple[str, ...]] = {
    "danmaku": ("弹幕", "dm"),
    "sc": ("醒目留言", "醒目", "superchat", "super_chat"),
}
GUARDS: Mapping[str, tuple[str, ...]] = {
    "governor": ("总督", "1"),
    "admiral": ("提督", "2"),
    "captain": ("舰长", "3"),
    "any": ("有", "yes"),
    "none": ("无", "no", "0"),
}
LARGEST = 2**63 - 1
LONGEST_NAME = 100  #: characters
_BOUND = re.compile(r"(>=|<=|>|<|=|)(\d{1,18})", re.ASCII)
_RANGE = re.compile(r"(\d{1,18})(?:\.\.|-|~)(\d{1,18})", re.ASCII)
_SESSION = re.compile(r"[\w-]{1,40}", re.ASCII)
_SIGNS = str.maketrans({"≥": ">=", "≤": "<=", "…": "..", "～": "~"})


@dataclass(frozen=True, slots=True)
class Facet:
    read: Reader
    aliases: tuple[str, ...] = ()
    may_exclude: bool = True


def _one_of(choices: Mapping[str, tuple[str, ...]]) -> Reader:
    by_name = {fold(name): key for key, names in choices.items() for name in (key, *names)}

    def read(text: str) -> str:
        try:
            return by_name[fold(text)]
        except KeyError:
            raise ValueError(_("one of {names}").format(names=", ".join(choices))) from None

    return read


def _number(text: str) -> str:
    folded = fold(text)
    if not (folded.isascii() and folded.isdigit() and len(folded) < 20 and int(folded) <= LARGEST):
        raise ValueError(_("a whole number"))
    return str(int(folded))


def _name(text: str) -> str:
    if not text or len(text) > LONGEST_NAME:
        raise ValueError(_("from 1 to {most} characters").format(most=LONGEST_NAME))
    return text


def _session(text: str) -> str:
    """The name in a session's address, or the address."""
    name = text.rstrip("/").rpartition("/")[2]
    if not _SESSION.fullmatch(name):
        raise ValueError(_("the name of a session, as in the address of its page"))
    return name


def _number_or_name(text: str) -> str:
    """A name that is a number begins with "@"."""
    folded = fold(text)
    if folded.isascii() and folded.isdigit():
        return _number(text)
    name = _name(text[1:] if folded.startswith("@") else text)
    folded = fold(name)
    is_odd = folded.startswith("@") or (folded.isascii() and folded.isdigit())
    return f"@{name}" if is_odd else name


def _amount(text: str) -> str:
    """ ">30", "<=30", "30", "30..100"."""
    folded = fold(text).translate(_SIGNS)
    if found := _RANGE.fullmatch(folded):
        low, high = map(int, found.groups())
        if low <= high:
            return f"{low}..{high}"
    if found := _BOUND.fullmatch(folded):
        sign, number = found.groups()
        return f"{'' if sign == '=' else sign}{int(number)}"
    raise ValueError(_("a whole number, or such as >30, <=100, 30..100"))


FACETS: dict[str, Facet] = {
    "room": Facet(_number_or_name, ("房间", "直播间", "主播")),
    "session": Facet(_session, ("场次", "直播场次")),
    "from": Facet(_number_or_name, ("uid", "user", "用户", "观众", "发送者", "谁")),
    "type": Facet(_one_of(KINDS), ("kind", "类型", "种类")),
    "date": Facet(spans.read_day, ("日期", "当天"), may_exclude=False),
    "since": Facet(spans.read, ("从", "自", "起"), may_exclude=False),
    "until": Facet(spans.read, ("到", "至", "止"), may_exclude=False),
    "price": Facet(_amount, ("价格", "金额")),
    "medal": Facet(_name, ("粉丝牌", "牌子", "勋章", "粉丝勋章")),
    "level": Facet(_amount, ("等级", "牌子等级", "勋章等级", "粉丝牌等级")),
    "guard": Facet(_one_of(GUARDS), ("大航海", "舰队")),
}
KEYS = {fold(name): key for key, facet in FACETS.items() for name in (key, *facet.aliases)}
