"""The vocabulary: what happens in a live room, as typed events.

Pure data: no clock, no I/O. Every layer above speaks in these types. Instants are epoch
milliseconds (UTC), money is gold seeds (1000 = CNY 1), people are uids (None = unknown, never 0).
"""

from functools import partial
from hashlib import blake2b
from typing import ClassVar

import msgspec

#: Raise it when the same frame yields other events than before: stored rows of a lower version are
#: then replaced when their frames are read again.
PARSER_VERSION = 3

_encode_key = msgspec.json.Encoder().encode

EventKey = str | int | list[str | int | None]


def event_id(at: int, room_id: int, kind: str, key: EventKey) -> bytes:
    """16 bytes that name one event for ever: 48 bits of its own time, 80 bits of hash.

    It sorts by time, so that inserts touch the end of an index. ``at`` is the event's own time in
    epoch ms, ``key`` what the site itself tells copies apart by.
    """
    at &= 0xFFFF_FFFF_FFFF
    if type(key) is str and key.isalnum() and key.isascii():  # most keys: nothing in them to escape
        hashed = begun_id(room_id, kind).copy()
        hashed.update(key.encode() + b'"]')
    else:
        hashed = _hash(_encode_key([room_id, kind, key]))
    return at.to_bytes(6, "big") + hashed.digest()


def begun_id(room_id: int, kind: str) -> blake2b:
    """What is hashed is ``[room_id,"kind","key"]``: this as far as the key, the same for all of one room.

    It is kept: what follows goes into a copy.
    """
    return _begun.get((room_id, kind)) or _begin(room_id, kind)


_begun: dict[tuple[int, str], blake2b] = {}
#: More than the loud rooms of one process have; 500 bytes each, which a thousand quiet ones are not worth.
_MOST_BEGUN = 500


def _begin(room_id: int, kind: str) -> blake2b:
    if len(_begun) >= _MOST_BEGUN:
        _begun.clear()
    begun = _begun[room_id, kind] = _hash(_encode_key([room_id, kind])[:-1] + b',"')
    return begun


_hash = partial(blake2b, digest_size=10)


class Event(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """What all events have. New fields go to the end of a subclass, with a default."""

    #: The stem under which the event is found in every layer.
    kind: ClassVar[str]

    event_id: bytes  #: see event_id(); empty for what is only sampled
    room_id: int  #: the long id
    at: int  #: ms, the event's own time
    received_at: int  #: ms, when the frame arrived here


class Danmaku(Event, frozen=True, tag="danmaku"):
    """DANMU_MSG: one chat line."""

    kind: ClassVar[str] = "danmaku"

    uid: int | None
    username: str
    message: str
    medal_name: str | None = None  #: the fan medal worn
    medal_level: int = 0
    user_level: int = 0  #: UL, 0 since the site gave it up
    guard_level: int = 0  #: 0 none, 1 governor, 2 admiral, 3 captain
    wealth_level: int = 0
    is_admin: bool = False
    is_vip: bool = False
    is_mirror: bool = False  #: copied from a connected room: outside this room's counts
    mode: int = 1  #: 1 scroll, 4 bottom, 5 top
    color: int = 0xFFFFFF
    dm_type: int = 0  #: 0 text, 1 sticker, 2 voice
    sticker_url: str = ""
    emotes: dict[str, str] = {}  #: "[name]" in the message -> picture URL


class Gift(Event, frozen=True, tag="gift"):
    """SEND_GIFT, or one item of SEND_GIFT_V2."""

    kind: ClassVar[str] = "gift"

    uid: int | None
    username: str
    gift_id: int
    gift_name: str
    num: int
    price: int  #: gold (or silver) of one; of a blind box, what the revealed gift is worth
    total_coin: int  #: gold (or silver) paid for the line: this is the money
    coin_type: str  #: "gold" or "silver"; silver is never money
    tid: str
    medal_name: str | None = None
    medal_level: int = 0
    guard_level: int = 0
    wealth_level: int = 0
    is_backpack: bool = False  #: nothing was paid now
    blind_box_id: int | None = None
    blind_box_name: str = ""
    blind_box_price: int = 0  #: gold of one box
    receiver_uid: int | None = None  #: None: the anchor
    receiver_name: str = ""
    combo_id: str = ""


class SuperChat(Event, frozen=True, tag="super_chat"):
    """SUPER_CHAT_MESSAGE or its _JPN copy."""

    kind: ClassVar[str] = "super_chat"

    super_chat_id: int
    uid: int | None
    username: str
    message: str
    price: int  #: CNY
    end_at: int  #: ms
    message_trans: str = ""
    medal_name: str | None = None
    medal_level: int = 0
    guard_level: int = 0
    background_color: str = ""


class SuperChatDeletion(Event, frozen=True, tag="super_chat_deletion"):
    """SUPER_CHAT_MESSAGE_DELETE: marks, never deletes."""

    kind: ClassVar[str] = "super_chat_deletion"

    super_chat_ids: list[int]


class GuardReport(Event, frozen=True, tag="guard"):
    """One of up to three messages about one guard purchase."""

    kind: ClassVar[str] = "guard"

    report: str  #: "bought" (GUARD_BUY: list price) or "toast" (USER_TOAST_MSG, _V2: price paid)
    uid: int | None
    username: str
    guard_level: int  #: 1 governor, 2 admiral, 3 captain
    num: int
    price: int  #: gold: of one month at list price (bought), as paid (toast)
    unit: str = ""
    payflow_id: str = ""  #: of the purchase; empty in GUARD_BUY
    source: int = 0  #: 2: a copy that the site's own chat leaves out
    op_type: int = 0  #: 1 opened, 2 renewed, 3 renewed by itself
    role_name: str = ""


class Interaction(Event, frozen=True, tag="interaction"):
    """INTERACT_WORD, _V2, LIKE_INFO_V3_CLICK: a visit, a follow, a share, a like."""

    kind: ClassVar[str] = "interaction"

    uid: int | None
    username: str
    msg_type: int  #: 1 enter, 2 follow, 3 share, 4 special follow, 5 mutual follow, 6 like
    medal_name: str | None = None
    medal_level: int = 0
    guard_level: int = 0


class RoomState(Event, frozen=True, tag="room_state"):
    """What happens to the room itself: it goes on air, is warned, fights another, draws a lot."""

    kind: ClassVar[str] = "room_state"

    #: "live", "preparing", "change", "login_notice", and those of protocol/moderation.py, contests.py
    #: and connections.py
    what: str
    value: str = ""  #: what tells two of them apart: live_key, round, new title and area, notice, pk_id
    title: str = ""
    area_name: str = ""
    parent_area_name: str = ""
    detail: str = ""  #: what a person wants to know besides, as the site says it
    uid: int | None = None  #: whom it concerns, where that is one person


#: A state of coverage: that of the room's last note before, other than of a lost part of the journal.
AS_BEFORE = "as before"


class Coverage(Event, frozen=True, tag="coverage"):
    """From ``at`` on the room is covered, degraded or blind, until the next of these."""

    kind: ClassVar[str] = "coverage"

    state: str  #: "covered", "degraded", "blind", or AS_BEFORE
    cause: str  #: a stable word such as "guest", "connection lost"; empty when covered
    detail: str = ""


class Gauge(Event, frozen=True, tag="gauge"):
    """A figure of the moment; folded into minutes, never stored one by one."""

    kind: ClassVar[str] = "gauge"

    #: "ranked" (高能 users), "online", "watched", "likes", "fan_club"; by HTTP "popularity" (no people),
    #: "guards"; both ways "followers"
    name: str
    value: int


class RoomInfo(Event, frozen=True, tag="room_info"):
    """What the site says of a room over HTTP; folded into the room's row."""

    kind: ClassVar[str] = "room_info"

    short_id: int  #: 0 = none
    uid: int | None  #: the anchor
    uname: str
    face: str
    title: str
    live_status: int  #: 0 offline, 1 live, 2 replay
    online: int  #: the old popularity, not people
    area_name: str = ""
    parent_area_name: str = ""
    cover: str = ""
    live_since: int = 0  #: ms, 0 = off
    followers: int = 0


class RedPacket(Event, frozen=True, tag="red_packet"):
    """One of the messages about a red packet: what they tell of one ``lot_id`` belongs together."""

    kind: ClassVar[str] = "red_packet"

    report: str  #: "sent" (_NEW), "started" (_START), "drawn" (_WINNER_LIST: never the first word of one)
    form: int  #: 1, or 2 for the _V2 command
    lot_id: int
    uid: int | None = None  #: who gave it
    username: str = ""
    num: int = 1
    price: int | None = None  #: gold of one, as it was paid; only "sent" tells
    total_price: int | None = None  #: gold of the gifts inside; only "started" tells
    gifts: dict[str, int] = {}  #: inside: name -> number
    end_at: int | None = None  #: ms
    winners: int | None = None


class Clock(Event, frozen=True, tag="clock"):
    """A collector's clock was set, or compared with the site's. Belongs to no room: room_id is 0."""

    kind: ClassVar[str] = "clock"

    collector: str
    what: str  #: "step": it was set by ``ms``, or the machine slept; "offset": the site's minus ours
    ms: int
    uncertain_ms: int = 0  #: an offset lies between ms - uncertain_ms and ms + uncertain_ms


AnyEvent = (
    Danmaku
    | Gift
    | SuperChat
    | SuperChatDeletion
    | GuardReport
    | Interaction
    | RoomState
    | Coverage
    | Gauge
    | RoomInfo
    | RedPacket
    | Clock
)


class Tally(msgspec.Struct, array_like=True, kw_only=True):
    """What became of messages that are not events: by name, never silently."""

    ignored: dict[str, int] = {}  #: by command
    rejected: dict[str, int] = {}  #: messages by named reason
    undecodable: dict[str, int] = {}  #: packets by named reason
    repeated: int = 0  #: events that another connection to the same room had brought already

    def add(self, other: "Tally") -> None:
        self.repeated += other.repeated
        for mine, theirs in (
            (self.ignored, other.ignored),
            (self.rejected, other.rejected),
            (self.undecodable, other.undecodable),
        ):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + count


class News(msgspec.Struct, array_like=True, kw_only=True):
    """Something the site said for the first time, or again: this version does not know it."""

    kind: str  #: "unknown command", "changed shape", "rejected"
    name: str  #: the command, with what is new about it
    at: int  #: ms, when the first of them was received
    last_at: int  #: ms, the last
    count: int
    sample: str = ""  #: one such message, redacted: JSON without a word or a number that was in it


class Oddity(msgspec.Struct, frozen=True):
    """One message that is news. Holds the message itself: it is redacted once for many, and never kept."""

    kind: str  #: as in News
    name: str
    at: int  #: ms, when it was received
    said: object  #: the parsed message; None when it could not be parsed


class Decoded(msgspec.Struct, kw_only=True):
    """All that came out of some received bytes of one room."""

    events: list[AnyEvent] = []
    tally: Tally = msgspec.field(default_factory=Tally)
    oddities: list[Oddity] = []  #: of messages that are events, ignored or rejected as well
