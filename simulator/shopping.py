"""Decides who gives what: gifts of all sorts, guards, super chats, red packets. The catalogue has the prices.

Pure but for the random numbers it is given; sends nothing.
"""

from collections import OrderedDict
from random import Random

from simulator import words
from simulator.messages.catalogue import BOXES, GIFTS, GUARDS, SILVER_GIFTS, GiftKind
from simulator.messages.gifts import Giving, Item, Receiver
from simulator.messages.guards import Purchase
from simulator.messages.red_packets import PRICES, RedPacket
from simulator.messages.super_chats import TIERS, SuperChat
from simulator.numbers import Numbers
from simulator.people import Crowd, Person, make_uid

# Two purchases of one person, level and room must not come so close that GUARD_BUY could belong to either.
PURCHASE_GAP_S = 61


class Shop:
    """What is bought in one room."""

    def __init__(
        self, random: Random, crowd: Crowd, numbers: Numbers, anchor: Receiver, room_id: int
    ) -> None:
        self._random = random
        self._crowd = crowd
        self._numbers = numbers
        self._anchor = anchor
        self._room_id = room_id
        self._bought: OrderedDict[tuple[int, int], float] = OrderedDict()
        self._guards = random.randrange(5, 900)

    def giving(self, now_ms: int) -> Giving:
        """One gift, or the several that came out of a box."""
        random = self._random
        sort = random.random()
        box = None
        from_backpack = False
        receiver = self._anchor
        if sort < 0.10:
            box = random.choice(BOXES)
            lines = self._revealed(box.inside, box.price)
        elif sort < 0.14:
            kind = random.choice(SILVER_GIFTS)
            num = random.choice((1, 5, 10))
            lines = [(kind, num, kind.price * num)]
        else:
            from_backpack = sort < 0.20
            if sort > 0.98:
                receiver = Receiver(
                    make_uid(random), random.choice(words.ANCHORS) + "的嘉宾", self._anchor.face
                )
            kind = random.choices(GIFTS, [gift.weight for gift in GIFTS])[0]
            num = random.choices((1, 2, 5, 10, 66), (70, 12, 8, 8, 2))[0] if kind.price <= 1000 else 1
            lines = [(kind, num, kind.price * num)]
        items = tuple(Item(kind, num, paid, self._numbers.tid(now_ms)) for kind, num, paid in lines)
        return Giving(
            items=items,
            timestamp=now_ms // 1000,
            receiver=receiver,
            combo_time=f"{now_ms / 1000:.4f}",
            from_backpack=from_backpack,
            box=box,
            serial=random.randrange(10**6, 10**9),
        )

    def _revealed(self, inside: tuple[GiftKind, ...], price: int) -> list[tuple[GiftKind, int, int]]:
        """What came out of boxes at this price: gift, number, and what was paid for that line."""
        random = self._random
        kinds = {
            random.choices(inside, [gift.weight for gift in inside])[0] for _ in range(random.randrange(1, 4))
        }
        ordered = sorted(kinds, key=lambda gift: gift.gift_id)
        numbers = [random.choice((1, 1, 1, 2, 5)) for _ in ordered]
        return [(kind, num, price * num) for kind, num in zip(ordered, numbers, strict=True)]

    def purchase(self, now_ms: int) -> tuple[Purchase, Person]:
        """A guard purchase, and by whom."""
        random = self._random
        level = random.choices((3, 2, 1), (93, 6, 1))[0]
        num = random.choices((1, 3, 12), (94, 4, 2))[0]
        person = self._buyer(level, now_ms / 1000)
        self._guards += 1
        purchase = Purchase(
            level=level,
            num=num,
            price=random.choice(GUARDS[level][2]) * num,
            payflow_id=self._numbers.payflow_id(now_ms),
            start_time=now_ms // 1000,
            days=random.choice((1, 1, random.randrange(2, 900))),
            op_type=random.randrange(1, 4),
            guard_count=self._guards,
            anchor=self._anchor,
        )
        return purchase, person

    def _buyer(self, level: int, now: float) -> Person:
        while self._bought and now - next(iter(self._bought.values())) > PURCHASE_GAP_S:
            self._bought.popitem(last=False)
        person = self._crowd.somebody()
        if (person.uid, level) in self._bought:
            person = self._crowd.newcomer()
        self._bought[(person.uid, level)] = now
        return person

    def super_chat(self, now_ms: int) -> SuperChat:
        """A super chat."""
        random = self._random
        return SuperChat(
            number=self._numbers.super_chat(),
            price=random.choices(tuple(TIERS), (60, 20, 14, 3, 2, 1))[0],
            text=random.choice(words.SUPER_CHATS),
            japanese=random.choice(words.JAPANESE),
            start_time=now_ms // 1000,
            room_id=self._room_id,
            token=f"{random.getrandbits(32):08X}",
        )

    def red_packet(self, now_ms: int) -> RedPacket:
        """A red packet; now and then others are open, and it has to wait, longer than was said."""
        random, now = self._random, now_ms // 1000
        is_waiting = random.random() < 0.2
        return RedPacket(
            lot_id=self._numbers.lot(),
            price=random.choices(tuple(PRICES), tuple(PRICES.values()))[0],
            sent_at=now,
            said_start=now + 60 if is_waiting else now,
            start=now + 64 if is_waiting else now,
        )
