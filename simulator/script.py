"""What happens in one room: each command of the rhythm becomes messages, some of them a little later.

Seeded: the same seed makes the same sequence of contents. Decides nothing about connections or pace.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import count
from random import Random

from simulator.clock import Clock
from simulator.ledger import DANMAKU, GIFT, GUARD, RED_PACKET, SUPER_CHAT, Event, Report
from simulator.message import Message, plain
from simulator.messages import (
    contests,
    danmaku,
    gifts,
    guards,
    moderation,
    red_packets,
    room_news,
    super_chats,
    visits,
)
from simulator.messages.catalogue import GIFTS
from simulator.messages.gifts import Giving, Item, Receiver
from simulator.messages.guards import Purchase
from simulator.messages.super_chats import SuperChat
from simulator.numbers import Numbers
from simulator.people import Crowd, Json, Person
from simulator.rooms import Room
from simulator.shopping import Shop

# What a tenth of chat for guests means.
GUEST_SHARE = 0.1
COMBO_DELAY_S = 5.15
# How many counted messages a repeat fault may ask for.
REMEMBERED = 300

# Which of GUARD_BUY, USER_TOAST_MSG and USER_TOAST_MSG_V2 report a purchase (2: and V2's second
# copy), by weight: of sixty purchases that a client counted, eleven had the first alone, 24 the second
# alone, seven the third alone.
REPORTS = {"b": 11, "t": 24, "v": 7, "bt": 6, "bv": 3, "btv": 6, "btv2": 3}
# In another order than the usual one, and slowly: the last of them up to so many seconds later.
SHUFFLED_SHARE = 0.3
SLOW_SHARE = 0.1
SLOWEST_S = 29.0
# Gifts that are told in the old form and in the new one.
BOTH_FORMS_SHARE = 0.06
# When _START is sent again.
RED_PACKET_AGAIN_S = (0, 60, 120)

FIGURES = {
    "ONLINE_RANK_COUNT": room_news.online_count,
    "WATCHED_CHANGE": room_news.watched,
    "LIKE_INFO_V3_UPDATE": room_news.likes,
    "ROOM_REAL_TIME_MESSAGE_UPDATE": room_news.followers,
}


class Script:
    """The goings-on of one room."""

    def __init__(self, room: Room, seed: int, numbers: Numbers, clock: Clock | None = None) -> None:
        self.room = room
        self._clock = clock or Clock()
        self.random = Random(f"script {seed} {room.room_id}")
        self._thinning = Random(f"thinning {seed} {room.room_id}")
        self._numbers = numbers
        self.crowd = Crowd(self.random, room.uid, room.uname, room.room_id)
        self.anchor = Receiver(room.uid, room.uname, room.face)
        self.shop = Shop(self.random, self.crowd, numbers, self.anchor, room.room_id)
        self._later: list[tuple[float, int, Message]] = []
        self._order = count()
        self._combos: deque[tuple[float, Giving, Person]] = deque(maxlen=50)
        self.remembered: deque[Message] = deque(maxlen=REMEMBERED)
        self._last_text = ""
        self._acts: dict[str, Callable[[int], list[Message]]] = {
            "DANMU_MSG": self._danmaku, "SEND_GIFT": self._gift, "GUARD_BUY": self._guard,
            "SUPER_CHAT_MESSAGE": self._super_chat, "COMBO_SEND": self._combo, "USER_TOAST_MSG": lambda _: [],
            "INTERACT_WORD": self._visit, "ENTRY_EFFECT": self._effect, "LIKE_INFO_V3_CLICK": self._like,
            "POPULARITY_RED_POCKET_NEW": self._red_packet, "ROOM_CHANGE": self._room_change,
            "PREPARING": self._restart, "DANMU_MSG_MIRROR": self._mirror,
            "ONLINE_RANK_TOP3": self._top_three, "ONLINE_RANK_V2": lambda _: self._rank("ONLINE_RANK_V2"),
            "ONLINE_RANK_V3": lambda _: self._rank("ONLINE_RANK_V3"), "PK_BATTLE_PRE": self._battle,
            "ANCHOR_LOT_START": self._lottery, "ROOM_SILENT_ON": self._silence,
            "ROOM_ADMINS": self._new_admin, "VIDEO_CONNECTION_JOIN_START": self._video_link,
        }  # fmt: skip

    def play(self, cmd: str) -> list[Message]:
        """The messages of one occurrence of this command, now."""
        now_ms = self._clock.now_ns() // 10**6
        act = self._acts.get(cmd)
        messages = act(now_ms) if act else [plain(self._news(cmd, now_ms))]
        self.remembered.extend(message for message in messages if message.reports)
        return messages

    def due(self, now: float) -> list[Message]:
        """Messages that were put off until now (of the clock, monotonic)."""
        due = []
        while self._later and self._later[0][0] <= now:
            due.append(heapq.heappop(self._later)[2])
        return due

    def overdue(self) -> list[Message]:
        """Everything put off, at once: a purchase must not stay half reported when the playing ends."""
        return self.due(float("inf"))

    def _put_off(self, seconds: float, message: Message) -> None:
        heapq.heappush(self._later, (self._clock.monotonic() + seconds, next(self._order), message))

    def _thinned(self) -> bool:
        return self._thinning.random() >= GUEST_SHARE

    def _danmaku(self, now_ms: int) -> list[Message]:
        person = self.crowd.somebody()
        chat = danmaku.make_chat(self.random, person, self._numbers.id_str(), now_ms)
        self._last_text = chat.text
        self.room.lines.append((chat, person))
        return [self.chat_message(chat, person)]

    def chat_message(self, chat: danmaku.Chat, person: Person) -> Message:
        """A danmaku, counted by its id."""
        report = Report(Event(DANMAKU, chat.id_str), at=chat.sent_ms)
        return Message(
            partial(danmaku.render, chat), person, (report,), is_chat=True, thinned=self._thinned()
        )

    def _mirror(self, now_ms: int) -> list[Message]:
        """A danmaku of a connected room: shown here, counted there."""
        person = self.crowd.newcomer()
        chat = danmaku.make_chat(self.random, person, self._numbers.id_str(), now_ms)
        chat = replace(chat, mirrored=True, cmd="DANMU_MSG_MIRROR")
        return [Message(partial(danmaku.render, chat), person, is_chat=True, thinned=self._thinned())]

    def _gift(self, now_ms: int) -> list[Message]:
        person = self.crowd.somebody()
        giving = self.shop.giving(now_ms)
        self._combos.append((self._clock.monotonic(), giving, person))
        if len(giving.items) > 1 or self.random.random() >= BOTH_FORMS_SHARE:
            return [self.gift_message(giving, person, now_ms)]
        old = self.gift_message(giving, person, now_ms, as_json=True)
        forms = [old, replace(old, render=partial(gifts.render_v2, giving, 1))]
        self.random.shuffle(forms)
        self._put_off(self.random.uniform(0, 1.5), forms[1])
        return forms[:1]

    def gift_message(self, giving: Giving, person: Person, now_ms: int, as_json: bool = False) -> Message:
        """A giving, each item counted by its tid; revenue only in gold, not from the backpack, for
        the anchor."""
        earns = (
            giving.coin_type == "gold" and not giving.from_backpack and giving.receiver.uid == self.anchor.uid
        )
        reports = tuple(
            Report(Event(GIFT, item.tid), item.total_coin if earns else 0, at=giving.timestamp * 1000)
            for item in giving.items
        )
        old_form = as_json or (len(giving.items) == 1 and self.random.random() < 0.35)
        if not old_form:
            return Message(partial(gifts.render_v2, giving, 1), person, reports)
        outer = self._numbers.acknowledged(now_ms)
        return Message(partial(gifts.render_v1, giving, outer), person, reports)

    def _combo(self, _: int) -> list[Message]:
        if not self._combos or self._clock.monotonic() - self._combos[0][0] < COMBO_DELAY_S:
            return []
        giving, person = self._combos.popleft()[1:]
        return [Message(partial(gifts.render_combo, giving), person)]

    def _guard(self, now_ms: int) -> list[Message]:
        purchase, person = self.shop.purchase(now_ms)
        which = self.random.choices(tuple(REPORTS), tuple(REPORTS.values()))[0]
        messages = self._guard_messages(purchase, person, which, now_ms)
        if self.random.random() < SHUFFLED_SHARE:
            self.random.shuffle(messages)
        longest = SLOWEST_S if self.random.random() < SLOW_SHARE else 2.0
        delays = sorted(self.random.uniform(0.2, longest) for _ in messages[1:])
        for delay, message in zip(delays, messages[1:], strict=True):
            self._put_off(delay, message)
        return messages[:1]

    def _guard_messages(self, purchase: Purchase, person: Person, which: str, now_ms: int) -> list[Message]:
        self.room.guards += 1
        buyer = person.uid, purchase.level
        event = Event(GUARD, purchase.payflow_id, buyer)
        # The toasts say when the order was done, which is a little after GUARD_BUY's time.
        done = replace(purchase, start_time=purchase.start_time + self.random.choice((0, 0, 0, 1, 3)))
        list_price = purchase.list_price * purchase.num
        listed = Report(event, list_price, final=False, at=purchase.start_time * 1000)
        paid = Report(event, purchase.price, at=done.start_time * 1000)
        outer = self._numbers.acknowledged(now_ms)
        # Guards are told to guests unmasked: the person who is shown is bound here.
        forms = {
            "b": (guards.render_buy(purchase, person), (listed,)),
            "t": (guards.render_toast(done, person), (paid,)),
            "v": (guards.render_toast_v2(done, 0, outer, person), (paid,)),
            "2": (guards.render_toast_v2(done, 2, outer, person), ()),
        }
        return [replace(plain(forms[letter][0]), reports=forms[letter][1]) for letter in which]

    def _super_chat(self, now_ms: int) -> list[Message]:
        chat, person = self.shop.super_chat(now_ms), self.crowd.somebody()
        self.room.super_chats.append((chat, person))
        return self.super_chat_messages(chat, person, now_ms)

    def super_chat_messages(self, chat: SuperChat, person: Person, now_ms: int) -> list[Message]:
        """A super chat with its copies, all of one id; the copies come a little later."""
        event = Event(SUPER_CHAT, str(chat.number))
        reports = (Report(event, chat.price * 1000, at=chat.start_time * 1000),)
        outer = self._numbers.acknowledged(now_ms)
        first = super_chats.render(chat, 0, outer, person)
        if self.random.random() < 0.4:
            again = super_chats.render(chat, 1, self._numbers.acknowledged(now_ms + 1000), person)
            self._put_off(self.random.uniform(0.8, 1.5), replace(plain(again), reports=reports))
        if self.random.random() < 0.6:
            japanese = super_chats.render_japanese(chat, self.random.random() < 0.5, person)
            self._put_off(self.random.uniform(0.3, 1.2), replace(plain(japanese), reports=reports))
        if self.random.random() < 0.02:
            self._put_off(self.random.uniform(3, 8), plain(super_chats.deletion(chat)))
        return [replace(plain(first), reports=reports)]

    def _red_packet(self, now_ms: int) -> list[Message]:
        """Told when it is paid for, when it starts and now and then after that; its winners at the end."""
        packet, person = self.shop.red_packet(now_ms), self.crowd.somebody()
        reports = (Report(Event(RED_PACKET, str(packet.lot_id))),)
        wait = packet.start - packet.sent_at
        winners = [self.crowd.somebody() for _ in range(self.random.randrange(3, 9))]
        for form in (1, 2):
            later = 0.1 * form
            for age in RED_PACKET_AGAIN_S:
                again = partial(red_packets.render_start, packet, form, age)
                self._put_off(wait + 1 + age + later, Message(again, person, reports))
            won = Message(
                lambda who, form=form: red_packets.render_winners(  # type: ignore[misc]  # a default argument
                    packet, form, winners if who.uid else [each.masked for each in winners]
                ),
                person,
            )
            self._put_off(wait + red_packets.DRAWN_AFTER_S + 2 + later, won)
        second = Message(partial(red_packets.render_new, packet, 2), person, reports)
        self._put_off(0.1, second)
        return [Message(partial(red_packets.render_new, packet, 1), person, reports)]

    def hostile(self, text: str, person: Person, now_ms: int) -> list[Message]:
        """A danmaku, a gift and a super chat with this text wherever text can be."""
        chat = replace(
            danmaku.make_chat(self.random, person, self._numbers.id_str(), now_ms), text=text, sticker=None
        )
        said = replace(self.chat_message(chat, person), thinned=False)
        bought = replace(self.shop.super_chat(now_ms), text=text)
        kind = replace(GIFTS[0], name=text)
        item = Item(kind, 1, kind.price, self._numbers.tid(now_ms))
        given = replace(self.shop.giving(now_ms), items=(item,), box=None, receiver=self.anchor)
        # Protobuf has no form for a lone surrogate, JSON has.
        gift = self.gift_message(replace(given, from_backpack=False), person, now_ms, as_json=True)
        messages = [said, gift, *self.super_chat_messages(bought, person, now_ms)]
        self.remembered.extend(messages)
        return messages

    def unknown(self, now_ms: int) -> list[Message]:
        """What no reader can know: a new command, and a danmaku whose time has become a text."""
        person = self.crowd.newcomer()
        chat = danmaku.make_chat(self.random, person, self._numbers.id_str(), now_ms)
        changed = danmaku.render(chat, person)
        changed["info"][0][4] = str(now_ms)  # type: ignore[index]  # an array of arrays
        report = Report(Event(DANMAKU, chat.id_str), at=chat.sent_ms)
        return [plain(room_news.brand_new(person)), replace(plain(changed), reports=(report,))]

    def _visit_now(self) -> visits.Visit:
        kind = self.random.choices(
            (visits.ENTER, visits.FOLLOW, visits.SHARE, visits.MUTUAL_FOLLOW), (90, 7, 2, 1)
        )[0]
        # Nanoseconds are a person's key together with the time: the counter keeps them apart within one tick.
        at = self._clock.now_ns() + next(self._order) % 1000
        return visits.Visit(kind, self.room.room_id, self.room.uid, at)

    def _visit(self, _: int) -> list[Message]:
        render = visits.render_word if self.random.random() < 0.15 else visits.render_word_v2
        return [Message(partial(render, self._visit_now()), self.crowd.somebody())]

    def _effect(self, _: int) -> list[Message]:
        return [Message(partial(visits.render_effect, self._visit_now()), self.crowd.somebody())]

    def _like(self, _: int) -> list[Message]:
        return [Message(visits.render_like, self.crowd.somebody())]

    def _room_change(self, _: int) -> list[Message]:
        stem = self.room.title.rsplit(" 第", 1)[0]
        self.room.title = f"{stem} 第{self.random.randrange(2, 99)}回"
        return [plain(room_news.room_change(self.room))]

    def _restart(self, now_ms: int) -> list[Message]:
        """The stream breaks off and begins anew: PREPARING, then LIVE two or three times."""
        ended = plain(room_news.preparing(self.room, self._numbers.acknowledged(now_ms)))
        self.room.live_time = now_ms // 1000 + 1
        self.room.live_key = str(now_ms * 400_000 + self.random.randrange(400_000))
        self._put_off(1.2, plain(room_news.live(self.room, is_first=True)))
        for copy in range(self.random.randrange(1, 3)):
            self._put_off(1.8 + copy, plain(room_news.live(self.room, is_first=False)))
        return [ended]

    def _told(self, story: Iterable[tuple[float, Json]]) -> list[Message]:
        """What is told at once; the rest is put off."""
        now = []
        for seconds, message in story:
            if seconds:
                self._put_off(seconds, plain(message))
            else:
                now.append(plain(message))
        return now

    def _battle(self, now_ms: int) -> list[Message]:
        random = self.random
        rival = self.crowd.newcomer()
        votes = random.randrange(2000), random.randrange(2000)
        place = (self._numbers.contest(), self.room, rival, random.randrange(10**6, 10**8), now_ms // 1000)
        return self._told(contests.Battle(*place, *votes).told())

    def _lottery(self, now_ms: int) -> list[Message]:
        number, winner = self._numbers.contest(), self.crowd.somebody()
        return self._told(contests.lottery(self.random, self.room, number, winner, now_ms // 1000))

    def _silence(self, now_ms: int) -> list[Message]:
        begun = moderation.silence(self.random, now_ms // 1000)
        return self._told([(0, begun), (6, moderation.end_of_silence())])

    def _new_admin(self, _: int) -> list[Message]:
        person = self.crowd.somebody()
        uids = sorted({person.uid, *(self.crowd.somebody().uid for _ in range(3))})
        return self._told([(0, moderation.admins(uids)), (0, moderation.admin_added(person))])

    def _video_link(self, now_ms: int) -> list[Message]:
        now, person, channel = now_ms // 1000, self.crowd.newcomer(), str(self._numbers.contest())
        begun = moderation.video_link(self.room, person, channel, now)
        ended = moderation.end_of_video_link(self.room, person, channel, now + 7)
        return self._told([(0, begun), (7, ended)])

    def _news(self, cmd: str, now_ms: int) -> Json:
        random, room, now = self.random, self.room, now_ms // 1000
        if cmd in FIGURES:
            return self._figure(cmd)
        made: dict[str, Callable[[], Json]] = {
            "NOTICE_MSG": lambda: room_news.notice(random, self.crowd.somebody(), room),
            "STOP_LIVE_ROOM_LIST": lambda: room_news.stopped_rooms(random),
            "WIDGET_BANNER": lambda: room_news.banner(random, room, now),
            "HOT_RANK_CHANGED": lambda: room_news.hot_rank(random, room, now, cmd),
            "HOT_RANK_CHANGED_V2": lambda: room_news.hot_rank(random, room, now, cmd),
            "LIVE_INTERACTIVE_GAME": lambda: room_news.game(self._last_text, self.crowd.somebody().name),
            "WARNING": lambda: moderation.warning(random, room),
            "CUT_OFF": lambda: moderation.warning(random, room, cmd),
            "CUT_OFF_V2": lambda: moderation.cut_off_v2(random, now),
            "ROOM_LOCK": lambda: moderation.lock("2099-01-01 00:00:00", room),
            "ROOM_BLOCK_MSG": lambda: moderation.block(random, self.crowd.somebody()),
            "ROOM_ADMIN_REVOKE": lambda: moderation.admin_revoked(self.crowd.somebody()),
            "RECALL_DANMU_MSG": lambda: moderation.recall(self.crowd.somebody()),
            "LIVE_ROOM_TOAST_MESSAGE": lambda: moderation.toast(random, now),
        }
        return made[cmd]() if cmd in made else room_news.other(cmd, room, now)

    def _figure(self, cmd: str) -> Json:
        random, room = self.random, self.room
        room.online = max(3, room.online + random.randrange(-20, 21))
        room.watched += random.randrange(0, 30)
        room.likes += random.randrange(0, 60)
        room.followers += random.randrange(-1, 4)
        message = FIGURES[cmd](room)
        return room_news.wrapped(message) if random.random() < 0.01 else message

    def _rank(self, cmd: str) -> list[Message]:
        people = [self.crowd.somebody() for _ in range(7)]
        render = room_news.rank if cmd == "ONLINE_RANK_V2" else room_news.rank_v3
        # The first stands for all: whoever sees him masked is shown nobody's name.
        return [
            Message(lambda first: render(people if first.uid else [who.masked for who in people]), people[0])
        ]

    def _top_three(self, _: int) -> list[Message]:
        return [Message(room_news.top_three, self.crowd.somebody())]
