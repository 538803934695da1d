"""What rollups need to know of one thing that happened, whether it comes from an event or from a row."""

from typing import NamedTuple

from bilibili_live.events import AnyEvent, Danmaku, Gift, SuperChat
from live_data import revenue
from live_data.instants import epoch_ms
from live_data.models import DanmakuData, GiftData, GuardPurchase, SuperChatData
from live_data.models.gift_days import NAME_LENGTH

DANMAKU = "danmaku"
GIFT = "gift"
SUPER_CHAT = "super_chat"
GUARD = "guard"  #: a purchase, not one of its reports


class CountedGift(NamedTuple):
    """What a line of gifts has besides: of which gift or blind box, and of how many."""

    sort: int  #: a place in revenue.SORTS
    is_box: bool
    number: int  #: the site's id of the gift or box
    name: str  #: as far as GiftDay has it
    num: int
    coins: int  #: as sent: silver seeds of silver gifts, else gold
    revealed: int  #: gold that what came out of the box would cost; 0 = no box, or unknown


class Counted(NamedTuple):
    """One danmaku, gift line, super chat or purchase of a guard. Mirrored danmaku are in no count and
    have none."""

    kind: str  #: DANMAKU, GIFT, SUPER_CHAT or GUARD
    room_id: int
    at: int  #: its own time, ms since the epoch, UTC
    uid: int | None  #: None = unknown
    username: str  #: as shown; a mask (``x***``) where the uid is unknown
    gold: int  #: revenue of the room in gold seeds
    gift: CountedGift | None = None  #: of GIFT alone


def counted_event(event: AnyEvent, anchor_uid: int | None) -> Counted | None:
    """``anchor_uid``: of the event's room, None = not known yet. None for what no rollup counts; a guard's
    purchase is read out of several events, and counted by its row."""
    if isinstance(event, Danmaku):
        if event.is_mirror:
            return None
        return Counted(DANMAKU, event.room_id, event.at, event.uid, event.username, 0)
    if isinstance(event, Gift):
        gold = revenue.of_gift(event, anchor_uid)
        of_gift = _gift(event, gold, event.price)
        return Counted(GIFT, event.room_id, event.at, event.uid, event.username, gold, of_gift)
    if isinstance(event, SuperChat):
        gold = revenue.of_super_chat(event)
        return Counted(SUPER_CHAT, event.room_id, event.at, event.uid, event.username, gold)
    return None


def counted_row(row: object) -> Counted | None:
    """Of a row of the models; None for one that no rollup counts."""
    if isinstance(row, DanmakuData):
        return None if row.is_mirror else _counted(DANMAKU, row, 0)
    if isinstance(row, GiftData):
        return _counted(GIFT, row, row.gold)._replace(gift=_gift(row, row.gold, row.unit_coin))
    if isinstance(row, SuperChatData):
        return _counted(SUPER_CHAT, row, row.gold)
    if isinstance(row, GuardPurchase):
        return _counted(GUARD, row, row.gold)
    return None


def _counted(kind: str, row: DanmakuData | GiftData | SuperChatData | GuardPurchase, gold: int) -> Counted:
    return Counted(kind, row.room_id, epoch_ms(row.timestamp), row.uid, row.username, gold)


def _gift(gift: Gift | GiftData, gold: int, unit_coin: int) -> CountedGift:
    """``unit_coin``: the price of one as sent."""
    # A box may have come without its name; it still is not the gift that was in it.
    is_box = gift.blind_box_id is not None
    return CountedGift(
        revenue.SORTS.index(revenue.sort_of(gift, gold)),
        is_box,
        gift.gift_id if gift.blind_box_id is None else gift.blind_box_id,
        (gift.blind_box_name if is_box else gift.gift_name)[:NAME_LENGTH],
        gift.num,
        gift.total_coin,
        revenue.revealed_sum(gift, unit_coin),
    )
