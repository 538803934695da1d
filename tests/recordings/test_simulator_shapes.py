"""What the simulator says has the shape of what was recorded: the keys common to all samples, and
their types.

Compares shapes only; nothing of the recordings is kept.
"""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulator.message import plain
from simulator.messages import gifts
from simulator.messages.room_news import LOG_IN_NOTICE
from simulator.numbers import Numbers
from simulator.rooms import Rooms
from simulator.script import Script
from tests.recordings.folder import RECORDINGS
from tests.simulator.wire import browsing, protobuf_fields, signed
from tests.simulator_process import SimulatorProcess

Path_ = tuple[str | int, ...]
Shape = dict[Path_, set[str]]

# Which samples are of the generation that is played; all of them where nothing is said.
GENERATIONS: dict[str, Callable[[Any], bool]] = {
    "DANMU_MSG": lambda message: len(message["info"]) == 18 and "user" in message["info"][0][15],
    "SEND_GIFT": lambda message: "gift_info" in message["data"],
    "COMBO_SEND": lambda message: "sender_uinfo" in message["data"],
    "SUPER_CHAT_MESSAGE": lambda message: "uinfo" in message["data"],
    "SUPER_CHAT_MESSAGE_JPN": lambda message: "uinfo" in message["data"],
    "ENTRY_EFFECT": lambda message: "uinfo" in message["data"],
    "LIKE_INFO_V3_CLICK": lambda message: "uinfo" in message["data"],
    "ONLINE_RANK_COUNT": lambda message: "count_text" in message["data"],
    "PREPARING": lambda message: "msg_id" in message,
    "NOTICE_MSG": lambda message: "id" in message,
}
PLAYED = (
    "DANMU_MSG", "SEND_GIFT", "COMBO_SEND", "SUPER_CHAT_MESSAGE", "SUPER_CHAT_MESSAGE_JPN",
    "SUPER_CHAT_MESSAGE_DELETE", "GUARD_BUY", "USER_TOAST_MSG", "USER_TOAST_MSG_V2", "INTERACT_WORD",
    "INTERACT_WORD_V2", "SEND_GIFT_V2", "ENTRY_EFFECT", "LIKE_INFO_V3_CLICK", "LIKE_INFO_V3_UPDATE",
    "ONLINE_RANK_COUNT", "ONLINE_RANK_V2", "ONLINE_RANK_V3", "ONLINE_RANK_TOP3", "WATCHED_CHANGE",
    "NOTICE_MSG", "STOP_LIVE_ROOM_LIST", "LIVE", "PREPARING", "ROOM_CHANGE", "ROOM_REAL_TIME_MESSAGE_UPDATE",
    "WIDGET_BANNER", "HOT_RANK_CHANGED", "HOT_RANK_CHANGED_V2", "LIVE_INTERACTIVE_GAME", "LOG_IN_NOTICE",
    "WARNING", "CUT_OFF", "CUT_OFF_V2", "ROOM_BLOCK_MSG", "ROOM_SILENT_ON", "ROOM_SILENT_OFF", "ROOM_ADMINS",
    "room_admin_entrance", "ROOM_ADMIN_REVOKE", "RECALL_DANMU_MSG", "LIVE_ROOM_TOAST_MESSAGE",
    "PK_BATTLE_PRE", "PK_BATTLE_PRE_NEW", "PK_BATTLE_START", "PK_BATTLE_START_NEW", "PK_BATTLE_PROCESS",
    "PK_BATTLE_PROCESS_NEW", "PK_BATTLE_FINAL_PROCESS", "PK_BATTLE_END", "PK_BATTLE_SETTLE_NEW",
    "PK_BATTLE_PUNISH_END", "ANCHOR_LOT_START", "ANCHOR_LOT_CHECKSTATUS", "ANCHOR_LOT_AWARD",
    "ANCHOR_LOT_END", "VIDEO_CONNECTION_JOIN_START", "VIDEO_CONNECTION_JOIN_END",
    "POPULARITY_RED_POCKET_NEW", "POPULARITY_RED_POCKET_START", "POPULARITY_RED_POCKET_V2_START",
    "POPULARITY_RED_POCKET_WINNER_LIST",
)  # fmt: skip
# What is played as such; the other commands follow from these.
FOLLOWING = {
    "SUPER_CHAT_MESSAGE_JPN", "SUPER_CHAT_MESSAGE_DELETE", "USER_TOAST_MSG", "USER_TOAST_MSG_V2",
    "INTERACT_WORD_V2", "SEND_GIFT_V2", "LIVE", "LOG_IN_NOTICE", "COMBO_SEND", "ROOM_SILENT_OFF",
    "room_admin_entrance", "PK_BATTLE_PRE_NEW", "PK_BATTLE_START", "PK_BATTLE_START_NEW", "PK_BATTLE_PROCESS",
    "PK_BATTLE_PROCESS_NEW", "PK_BATTLE_FINAL_PROCESS", "PK_BATTLE_END", "PK_BATTLE_SETTLE_NEW",
    "PK_BATTLE_PUNISH_END", "ANCHOR_LOT_CHECKSTATUS", "ANCHOR_LOT_AWARD", "ANCHOR_LOT_END",
    "VIDEO_CONNECTION_JOIN_END",
    "POPULARITY_RED_POCKET_START", "POPULARITY_RED_POCKET_V2_START", "POPULARITY_RED_POCKET_WINNER_LIST",
}  # fmt: skip
ACTS = [cmd for cmd in PLAYED if cmd not in FOLLOWING]
# Lists whose places mean something.
POSITIONAL = {"info", "medal"}
# How often each act is played: rare forms must come up.
TIMES = 400


def kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "list" if isinstance(value, list) else "object"


def walk(value: object, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """(path, type) of everything inside."""
    yield path, kind(value)
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "extra" and isinstance(inner, str):
                yield from walk(json.loads(inner), (*path, name))
            else:
                yield from walk(inner, (*path, name))
    elif isinstance(value, list) and path and (path[0] in POSITIONAL or path[-1] in POSITIONAL):
        for index, inner in enumerate(value):
            yield from walk(inner, (*path, index))


def shape(samples: list[Any]) -> tuple[set[Path_], Shape]:
    """The paths common to all samples, and the types seen at each path."""
    types: Shape = {}
    common: set[Path_] | None = None
    for sample in samples:
        found = dict(walk(sample))
        common = set(found) if common is None else common & set(found)
        for path, name in found.items():
            types.setdefault(path, set()).add(name)
    return common or set(), types


def recorded(cmd: str, every_generation: bool = False) -> list[Any]:
    """The samples of a command: of the generation that is played, or all."""
    lines = (RECORDINGS / "messages" / f"{cmd}.jsonl").read_text(encoding="utf-8").splitlines()
    messages = [json.loads(line)["raw"] for line in lines]
    is_wanted = GENERATIONS.get(cmd, lambda _: True)
    return [message for message in messages if every_generation or is_wanted(message)]


@pytest.fixture(scope="module")
def played() -> dict[str, list[Any]]:
    """Many messages of every command, as a logged-in account sees them."""
    script = Script(Rooms([90001], seed=11).played[0], 11, Numbers())
    messages = [
        message for cmd in ACTS for _ in range(TIMES) for message in script.play(cmd)
    ] + script.overdue()
    person = script.crowd.somebody()
    giving = script.shop.giving(1_790_000_000_000)
    messages.append(plain(gifts.render_combo(giving, person)))
    found: dict[str, list[Any]] = {"LOG_IN_NOTICE": [LOG_IN_NOTICE]}
    for message in messages:
        value = json.loads(message.body(masked=False))
        value = value if "cmd" in value else value["msg"]
        found.setdefault(value["cmd"].partition(":")[0], []).append(value)
    return found


def is_below_null(path: Path_, types: Shape) -> bool:
    return any("null" in types.get(path[:end], set()) for end in range(1, len(path)))


def disagreements(ours: list[Any], theirs: list[Any], all_theirs: list[Any] | None = None) -> list[str]:
    """Where ours lack a key common to theirs, or have a type that was never recorded there."""
    common, _ = shape(theirs)
    _, recorded_types = shape(all_theirs or theirs)
    our_common, our_types = shape(ours)
    missing = [path for path in common - our_common if not is_below_null(path, our_types)]
    wrong = [
        f"{path} is {types}, recorded {recorded_types[path]}"
        for path, types in our_types.items()
        if path in recorded_types
        and recorded_types[path] != {"null"}
        and types - recorded_types[path] - {"null"}
    ]
    return [f"{path} is missing" for path in sorted(missing, key=str)] + wrong


@pytest.mark.parametrize("cmd", PLAYED)
def test_a_played_message_has_the_recorded_shape(cmd: str, played: dict[str, list[Any]]) -> None:
    theirs = recorded(cmd)
    assert theirs, "no recorded sample of this generation"
    assert disagreements(played[cmd], theirs, recorded(cmd, every_generation=True)) == []


def numbers(fields: list[tuple[int, int | bytes]]) -> set[int]:
    return {number for number, _ in fields}


def nested(fields: list[tuple[int, int | bytes]], number: int) -> list[tuple[int, int | bytes]]:
    (value,) = [value for field, value in fields if field == number][:1]
    assert isinstance(value, bytes)
    return protobuf_fields(value)


def bodies(messages: list[Any]) -> list[list[tuple[int, int | bytes]]]:
    found = []
    for message in messages:
        text = message["data"]["pb"]
        # One published sample has a placeholder for its body.
        if "[" not in text:
            found.append(protobuf_fields(base64.b64decode(text)))
    return found


@pytest.mark.parametrize(
    ("cmd", "inside"),
    [("SEND_GIFT_V2", 10), ("SEND_GIFT_V2", 15), ("INTERACT_WORD_V2", 22), ("ONLINE_RANK_V3", 3)],
)
def test_a_played_protobuf_has_the_recorded_fields(
    cmd: str, inside: int, played: dict[str, list[Any]]
) -> None:
    theirs, ours = bodies(recorded(cmd)), bodies(played[cmd])
    always = set.intersection(*map(numbers, theirs))
    inside_always = set.intersection(*(numbers(nested(fields, inside)) for fields in theirs))
    # proto3 leaves zeros out, so a field that every recorded sample has may be absent from one of ours.
    assert always <= set.union(*map(numbers, ours))
    assert inside_always <= set.union(*(numbers(nested(fields, inside)) for fields in ours))


def test_sizes_are_those_of_real_messages(played: dict[str, list[Any]]) -> None:
    def mean(messages: list[Any]) -> float:
        sizes = [
            len(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode())
            for message in messages
        ]
        return sum(sizes) / len(sizes)

    for cmd in (
        "DANMU_MSG",
        "SEND_GIFT_V2",
        "SUPER_CHAT_MESSAGE",
        "ENTRY_EFFECT",
        "GUARD_BUY",
        "INTERACT_WORD_V2",
    ):
        assert mean(recorded(cmd)) / 2 < mean(played[cmd]) < mean(recorded(cmd)) * 2


ANSWERS = {
    "api_bilibili_com_x_frontend_finger_spi.1": "/x/frontend/finger/spi",
    "api_bilibili_com_x_web_frontend_getbuvid.1": "/x/web-frontend/getbuvid",
    "api_bilibili_com_x_web_interface_nav.1": "/x/web-interface/nav as 42",
    "api_bilibili_com_x_web_interface_nav.anonymous": "/x/web-interface/nav",
    "api_bilibili_com_bapis_bilibili_api_ticket_v1_Ticket_GenWebTicket.1":
        "/bapis/bilibili.api.ticket.v1.Ticket/GenWebTicket",
    "api_live_bilibili_com_room_v1_Room_room_init.1": "/room/v1/Room/room_init?id=90001",
    "api_live_bilibili_com_room_v1_Room_get_info.1": "/room/v1/Room/get_info?room_id=90001",
    "api_live_bilibili_com_live_user_v1_Master_info.1": "/live_user/v1/Master/info?uid=3546000000090001",
    "api_live_bilibili_com_xlive_web_room_v1_index_getDanmuInfo.1":
        "/xlive/web-room/v1/index/getDanmuInfo?id=90001 signed",
    "api_live_bilibili_com_xlive_web_room_v1_index_getInfoByRoom.1":
        "/xlive/web-room/v1/index/getInfoByRoom?room_id=90001 signed",
    "api_live_bilibili_com_xlive_web_room_v2_index_getRoomPlayInfo.1":
        "/xlive/web-room/v2/index/getRoomPlayInfo?room_id=90001",
    "live_trace_bilibili_com_xlive_rdata_interface_v1_heartbeat_webHeartBeat.1":
        "/xlive/rdata-interface/v1/heartbeat/webHeartBeat",
    "risk_minus352_v_voucher.1": "/xlive/web-room/v1/index/getDanmuInfo?id=90001",
}  # fmt: skip


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "1", "--rate", "1", "--seed", "1") as process:
        yield process


async def ask(simulator: SimulatorProcess, asked: str) -> Any:
    """The answer to a path, `signed` or `as` an account where that is said."""
    path, _, manner = asked.partition(" ")
    path, _, query = path.partition("?")
    parameters = dict(pair.split("=") for pair in query.split("&")) if query else {}
    async with browsing(uid=42 if manner == "as 42" else 0) as session:
        if manner == "signed":
            parameters = await signed(session, simulator.url, **parameters)
        async with session.get(simulator.url + path, params=parameters) as response:
            return await response.json()


def sample(name: str) -> Any:
    return json.loads((RECORDINGS / "http" / f"{name}.json").read_text(encoding="utf-8"))["raw"]


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_has_the_recorded_shape(name: str, simulator: SimulatorProcess) -> None:
    assert disagreements([await ask(simulator, ANSWERS[name])], [sample(name)]) == []


async def test_a_room_of_the_batch_has_the_recorded_shape(simulator: SimulatorProcess) -> None:
    theirs = sample("api_live_bilibili_com_xlive_web_room_v1_index_getRoomBaseInfo.1")["data"]["by_room_ids"]
    ours = await ask(simulator, "/xlive/web-room/v1/index/getRoomBaseInfo?room_ids=90001")
    assert disagreements(list(ours["data"]["by_room_ids"].values()), list(theirs.values())) == []


async def test_a_status_by_uid_has_the_recorded_shape(simulator: SimulatorProcess) -> None:
    theirs = sample("api_live_bilibili_com_room_v1_Room_get_status_info_by_uids.1")["data"]
    ours = await ask(simulator, "/room/v1/Room/get_status_info_by_uids?uids[]=3546000000090001")
    assert disagreements(list(ours["data"].values()), list(theirs.values())) == []


async def test_a_line_of_history_has_the_recorded_shape(simulator: SimulatorProcess) -> None:
    theirs = sample("api_live_bilibili_com_xlive_web_room_v1_dM_gethistory.1")["data"]["room"]
    ours = await ask(simulator, "/xlive/web-room/v1/dM/gethistory?roomid=90001")
    assert disagreements(ours["data"]["room"], theirs) == []


async def test_a_listed_gift_has_the_recorded_shape(simulator: SimulatorProcess) -> None:
    theirs = sample("api_live_bilibili_com_xlive_web_room_v1_giftPanel_giftConfig.1")["data"]["list"]
    ours = await ask(simulator, "/xlive/web-room/v1/giftPanel/giftConfig?platform=pc")
    assert disagreements(ours["data"]["list"], theirs) == []
