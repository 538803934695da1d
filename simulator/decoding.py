"""Reads recorded frames back into ledger reports. A decoder of its own, as small as the ledger allows.

Knows only what counts: ids, prices, receivers. A message that cannot be read reports nothing.
"""

import base64
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import brotli

from simulator import packets
from simulator.ledger import DANMAKU, GIFT, GUARD, RED_PACKET, SUPER_CHAT, Event, Report
from simulator.protobuf import FIXED32, LENGTH_DELIMITED, VARINT

FIXED64 = 1
RED_PACKET_BEGINS = re.compile(r"POPULARITY_RED_POCKET_(V2_)?(NEW|START)")
# A GUARD_BUY and a toast of one person and level belong together within so many seconds.
SAME_PURCHASE_S = 30
UNREADABLE = (ValueError, KeyError, TypeError, IndexError, AttributeError, zlib.error, brotli.error)


@dataclass(slots=True)
class _Purchase:
    event: Event
    start_time: int
    has_buy: bool
    payflow_id: str


def messages(data: bytes) -> Iterator[object]:
    """The JSON values of the op 5 packets of one WebSocket message, nested ones too. Raises ValueError."""
    for received in packets.split(data):
        if received.operation != packets.MESSAGE:
            continue
        if received.version in (packets.ZLIB, packets.BROTLI):
            yield from messages(packets.decompress(received))
        else:
            yield json.loads(received.body)


def _varint(data: bytes, position: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[position]
        number |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return number, position


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(number, value) of each protobuf field; a length-delimited value is bytes.

    Raises ValueError, IndexError.
    """
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        wire = tag & 7
        if wire == VARINT:
            number, position = _varint(data, position)
            yield tag >> 3, number
            continue
        if wire == LENGTH_DELIMITED:
            length, position = _varint(data, position)
        elif wire in (FIXED32, FIXED64):
            length = 4 if wire == FIXED32 else 8
        else:
            raise ValueError(f"wire type {wire}")
        if position + length > len(data):
            raise ValueError("a field longer than its message")
        yield tag >> 3, data[position : position + length]
        position += length


def _whole(value: object) -> int:
    return int(str(value))


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else ""


class Decoder:
    """Reports of one room's recorded messages; copies of one event report the same event."""

    def __init__(self) -> None:
        self.anchor_uid = 0
        self.receivers: list[int] = []
        self._events: dict[tuple[str, str], Event] = {}
        self._purchases: dict[tuple[str, str], list[_Purchase]] = {}

    def reports(self, data: bytes) -> list[Report]:
        """What this WebSocket message reports."""
        found: list[Report] = []
        try:
            for message in messages(data):
                found += self._of(message)
        except UNREADABLE:
            return found
        return found

    def _of(self, message: object) -> list[Report]:
        try:
            if not isinstance(message, dict):
                return []
            inner = message.get("msg")
            if "cmd" not in message and isinstance(inner, dict):
                message = inner
            return self._read(str(message["cmd"]).partition(":")[0], message)
        except UNREADABLE:
            return []

    def _read(self, cmd: str, message: dict[str, object]) -> list[Report]:
        if cmd == "DANMU_MSG":
            return self._danmaku(message["info"])
        data = message.get("data")
        if not isinstance(data, dict):
            return []
        if cmd == "SEND_GIFT":
            return [self._gift(data)]
        if cmd == "SEND_GIFT_V2":
            return self._gifts(base64.b64decode(data["pb"]))
        if cmd in {"SUPER_CHAT_MESSAGE", "SUPER_CHAT_MESSAGE_JPN"}:
            return [self._report(SUPER_CHAT, str(_whole(data["id"])), _whole(data["price"]) * 1000)]
        return self._red_packet(data) if RED_PACKET_BEGINS.fullmatch(cmd) else self._guard(cmd, data)

    def _red_packet(self, data: dict[str, object]) -> list[Report]:
        return [self._report(RED_PACKET, str(_whole(data["lot_id"])))]

    def _report(self, kind: str, key: str, gold: int = 0) -> Report:
        return Report(self._events.setdefault((kind, key), Event(kind, key)), gold)

    def _danmaku(self, info: object) -> list[Report]:
        if not isinstance(info, list):
            return []
        extra = json.loads(info[0][15]["extra"])
        if extra.get("is_mirror"):
            return []
        # Before 2023-03 there was no id: then sender, checksum and text tell danmaku apart.
        key = extra.get("id_str") or json.dumps([info[2][0], info[9]["ct"], info[1]])
        return [self._report(DANMAKU, key)]

    def _earns(self, coin_type: object, from_backpack: bool, receiver: int) -> bool:
        if receiver:
            self.receivers.append(receiver)
        for_anchor = not receiver or not self.anchor_uid or receiver == self.anchor_uid
        return coin_type == "gold" and not from_backpack and for_anchor

    def _gift(self, data: dict[str, object]) -> Report:
        receiver = data.get("receive_user_info")
        uid = _whole(receiver["uid"]) if isinstance(receiver, dict) else 0
        earns = self._earns(data.get("coin_type"), bool(data.get("bag_gift")), uid)
        return self._report(GIFT, str(data["tid"]), _whole(data["total_coin"]) if earns else 0)

    def _gifts(self, body: bytes) -> list[Report]:
        found = []
        for number, value in fields(body):
            if number == 10 and isinstance(value, bytes):
                item = dict(fields(value))
                receiver = dict(fields(bytes(item[29]))) if 29 in item else {}
                uid = receiver.get(2, 0)
                earns = self._earns(_text(item.get(8)), 31 in item, uid if isinstance(uid, int) else 0)
                total = item.get(7, 0)
                gold = total if earns and isinstance(total, int) else 0
                found.append(self._report(GIFT, _text(item[9]), gold))
        return found

    def _guard(self, cmd: str, data: dict[str, object]) -> list[Report]:
        if cmd == "GUARD_BUY":
            gold = _whole(data["price"]) * _whole(data["num"])
            event = self._purchase(data["uid"], data["guard_level"], data["start_time"], "")
            return [Report(event, gold, final=False)]
        if cmd == "USER_TOAST_MSG":
            event = self._purchase(
                data["uid"], data["guard_level"], data["start_time"], str(data["payflow_id"])
            )
            return [Report(event, _whole(data["price"]))]
        if cmd != "USER_TOAST_MSG_V2":
            return []
        sender, guard, pay, option = (
            _object(data[name]) for name in ("sender_uinfo", "guard_info", "pay_info", "option")
        )
        if option["source"] == 2:
            return []
        event = self._purchase(
            sender["uid"], guard["guard_level"], guard["start_time"], str(pay["payflow_id"])
        )
        return [Report(event, _whole(pay["price"]))]

    def _purchase(self, uid: object, level: object, start_time: object, payflow_id: str) -> Event:
        known = self._purchases.setdefault((str(uid), str(level)), [])
        start, is_buy = _whole(start_time), not payflow_id
        for purchase in known:
            if payflow_id and purchase.payflow_id == payflow_id:
                return purchase.event
        for purchase in known:
            is_near = abs(purchase.start_time - start) <= SAME_PURCHASE_S
            fits = not purchase.has_buy if is_buy else not purchase.payflow_id
            if is_near and fits:
                purchase.has_buy = purchase.has_buy or is_buy
                purchase.payflow_id = purchase.payflow_id or payflow_id
                return purchase.event
        event = Event(GUARD, payflow_id or f"{uid}:{level}:{start}")
        known.append(_Purchase(event, start, is_buy, payflow_id))
        return event
