"""What the site, the streamer and the admins do in a room, and what the site tells everyone in it."""

from collections.abc import Sequence
from random import Random

from simulator.people import Json, Person
from simulator.rooms import Room

BREACHES = ("图片内容不适宜，请立即调整", "违反直播言论规范，请立即调整", "虚拟形象不适宜，请立即调整")
NOTICES = ("主播已开启弹幕限制", "主播网络不稳定，画面可能卡顿", "本场直播已录制回放")
SILENCES = (("member", 1), ("medal", 4), ("level", 5), ("wealth", 10))
FOR_EVER = -1


def warning(random: Random, room: Room, cmd: str = "WARNING") -> Json:
    """WARNING, or CUT_OFF of the same shape."""
    return {"cmd": cmd, "msg": random.choice(BREACHES), "roomid": room.room_id}


def _dialogue(random: Random, result: str) -> list[Json]:
    return [
        {"type": 1, "label": "处罚结果", "content": result},
        {"type": 1, "label": "违规原因", "content": random.choice(BREACHES)},
    ]


def cut_off_v2(random: Random, now: int) -> Json:
    """CUT_OFF_V2."""
    button: Json = {"show_platform": [1, 2, 3, 4], "button_text": "我知道了", "button_action": 1}
    data: Json = {
        "cut_off_title": "违规提示", "cut_off_message_list": _dialogue(random, "切断本场直播"),
        "cut_off_tip_list": [{"show_platform": [3, 4], "message_list": []}], "cut_off_button_list": [button],
    }  # fmt: skip
    return {
        "cmd": "CUT_OFF_V2",
        "data": {"cut_off_scene": 1, "timestamp": now, "cut_off_version": 1, "cut_off_data": data},
    }


def lock(until: str, room: Room) -> Json:
    """ROOM_LOCK; `until` is textual China time."""
    return {"cmd": "ROOM_LOCK", "expire": until, "roomid": room.room_id}


def block(random: Random, person: Person) -> Json:
    """ROOM_BLOCK_MSG: the uid twice, once as a string."""
    data: Json = {
        "dmscore": 30,
        "operator": random.randrange(1, 3),
        "uid": person.uid,
        "uname": person.name,
    }
    return {"cmd": "ROOM_BLOCK_MSG", "data": data, "uid": str(person.uid), "uname": person.name}


def silence(random: Random, now: int) -> Json:
    """ROOM_SILENT_ON."""
    kind, level = random.choice(SILENCES)
    until = random.choice((FOR_EVER, now + 600))
    return {"cmd": "ROOM_SILENT_ON", "data": {"type": kind, "level": level, "second": until}}


def end_of_silence() -> Json:
    """ROOM_SILENT_OFF."""
    return {"cmd": "ROOM_SILENT_OFF", "data": {"type": "", "level": 0, "second": 0}}


def admins(uids: Sequence[int]) -> Json:
    """ROOM_ADMINS: all there are."""
    return {"cmd": "ROOM_ADMINS", "uids": list(uids)}


def admin_added(person: Person) -> Json:
    """room_admin_entrance."""
    said = "系统提示：你已被主播设为房管"
    return {"cmd": "room_admin_entrance", "dmscore": 45, "level": 1, "msg": said, "uid": person.uid}


def admin_revoked(person: Person) -> Json:
    """ROOM_ADMIN_REVOKE."""
    return {"cmd": "ROOM_ADMIN_REVOKE", "msg": "撤销房管", "uid": person.uid}


def recall(person: Person) -> Json:
    """RECALL_DANMU_MSG: all lines of one person."""
    return {"cmd": "RECALL_DANMU_MSG", "data": {"recall_type": 2, "target_id": person.uid}}


def toast(random: Random, now: int) -> Json:
    """LIVE_ROOM_TOAST_MESSAGE."""
    data: Json = {"timestamp": now, "message": random.choice(NOTICES)}
    return {"cmd": "LIVE_ROOM_TOAST_MESSAGE", "timestamp": now, "data": data}


def video_link(room: Room, person: Person, channel: str, now: int) -> Json:
    """VIDEO_CONNECTION_JOIN_START."""
    data: Json = {
        "status": 1, "invited_uid": person.uid, "channel_id": channel, "invited_uname": person.name,
        "invited_face": person.face, "start_at": now, "current_time": now,
    }  # fmt: skip
    return {"cmd": "VIDEO_CONNECTION_JOIN_START", "data": data, "roomid": room.room_id}


def end_of_video_link(room: Room, person: Person, channel: str, now: int) -> Json:
    """VIDEO_CONNECTION_JOIN_END: `start_at` is when it ended."""
    data: Json = {
        "channel_id": channel, "start_at": now, "toast": f"主播结束了与{person.name}的连线。",
        "current_time": now,
    }  # fmt: skip
    return {"cmd": "VIDEO_CONNECTION_JOIN_END", "data": data, "roomid": room.room_id}
