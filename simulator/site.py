"""The site's HTTP side: identity, the gate to the socket, and the small answers a client asks for on the way.

All hosts of the real site are folded onto one; the paths are kept. Rooms are described in room_answers.

b23.tv, the host of the links that the apps share, answers `/{code}` with 302 and the room's address and a
long query in Location, as several public clients read it; codes that it never gave out get HTTP 404 and an
API's body here, which is a guess. Room 90001's code is sim90001.
"""

import time
from collections.abc import Callable
from random import Random

from aiohttp import web

from simulator import room_answers, wbi
from simulator.hosts import Hosts
from simulator.identity import Identities, account, is_browser
from simulator.message import to_bytes
from simulator.messages.catalogue import BOXES, GIFTS, SILVER_GIFTS, GiftKind
from simulator.people import NO_FACE, Json
from simulator.rooms import Rooms

Answer = Callable[[web.Request], Json]

NOT_LOGGED_IN = -101
RISK = -352
NOTHING_THERE = -404
LINK_PREFIX = "sim"
OTHER_TOKEN_TROUBLE = 60009


def ok(data: object, message: str = "0") -> Json:
    """The envelope of a good answer."""
    return {"code": 0, "message": message, "ttl": 1, "data": data}


def error(code: int, message: str, data: object = None) -> Json:
    """The envelope of a refusal."""
    return {"code": code, "message": message, "ttl": 1, "data": data}


class Site:
    """Answers by path. `risk_next` and `blocked_next` are how many of the next answers are refusals."""

    def __init__(self, rooms: Rooms, identities: Identities, hosts: Hosts, seed: int) -> None:
        self._rooms = rooms
        self._hosts = hosts
        self._identities = identities
        self._random = Random(f"wbi {seed}")
        self._keys = wbi.make_keys(self._random)
        self.risk_next = 0
        self.blocked_next = 0
        self._answers: dict[str, Answer] = {
            "/x/web-interface/nav": self._nav,
            "/x/frontend/finger/spi": self._spi,
            "/x/web-frontend/getbuvid": self._getbuvid,
            "/x/internal/gaia-gateway/ExClimbWuzhi": lambda _: ok({}),
            "/bapis/bilibili.api.ticket.v1.Ticket/GenWebTicket": self._ticket,
            "/xlive/web-room/v1/index/getDanmuInfo": self._danmu_info,
            "/xlive/rdata-interface/v1/heartbeat/webHeartBeat": lambda _: ok({"next_interval": 60}),
            "/xlive/web-room/v1/giftPanel/giftConfig": lambda _: ok({"list": gift_list()}, "OK"),
            "/xlive/web-room/v1/index/getInfoByRoom": self._info_by_room,
        }
        self._answers |= room_answers.answers(rooms)

    def rotate_keys(self) -> None:
        """A new day for the WBI keys: every older signature is stale."""
        self._keys = wbi.make_keys(self._random)

    def routes(self) -> list[web.RouteDef]:
        """One route per path, for GET and POST alike; and the short links."""
        answers = [web.route("*", path, self._respond) for path in self._answers]
        return [*answers, web.get("/{code:[A-Za-z0-9]{4,32}}", self._follow)]

    def _blocked(self) -> web.Response | None:
        if self.blocked_next <= 0:
            return None
        self.blocked_next -= 1
        return _refusal(412, -412, "request was banned")

    async def _follow(self, request: web.Request) -> web.Response:
        if blocked := self._blocked():
            return blocked
        code = request.match_info["code"]
        room = self._rooms.by_any_id(room_answers.number(code.removeprefix(LINK_PREFIX)))
        if room is None or not code.startswith(LINK_PREFIX):
            return _refusal(404, NOTHING_THERE, "啥都木有")
        query = "broadcast_type=0&is_room_feed=1&live_from=86002&share_source=COPY&share_medium=android"
        where = (
            f"https://live.bilibili.com/{room.room_id}?{query}&timestamp={int(time.time())}&unique_k={code}"
        )
        return web.Response(status=302, headers={"Location": where}, text="", content_type="text/html")

    async def _respond(self, request: web.Request) -> web.Response:
        if blocked := self._blocked():
            return blocked
        if request.method == "POST":
            request["body"] = await request.read()
        answer = self._answers[request.path](request)
        return web.Response(body=to_bytes(answer), content_type="application/json", charset="utf-8")

    def _nav(self, request: web.Request) -> Json:
        uid = account(request.cookies)
        if not uid:
            data: Json = {"isLogin": False, "wbi_img": self._keys.images()}
            return error(NOT_LOGGED_IN, "账号未登录", data)
        return ok({**_profile(uid), "wbi_img": self._keys.images()})

    def _spi(self, _: web.Request) -> Json:
        identities = self._identities
        return {"code": 0, "data": {"b_3": identities.buvid3(), "b_4": identities.buvid4()}, "message": "ok"}

    def _getbuvid(self, _: web.Request) -> Json:
        return {"code": 0, "data": {"buvid": self._identities.buvid3()}}

    def _ticket(self, _: web.Request) -> Json:
        images = self._keys.images()
        nav = {"img": images["img_url"], "sub": images["sub_url"]}
        ticket = self._identities.issue(0, "", 0)
        data: Json = {
            "ticket": ticket,
            "created_at": int(time.time()),
            "ttl": 259200,
            "context": {},
            "nav": nav,
        }
        return ok(data, "OK")

    def _risk(self) -> Json:
        return error(RISK, "风控校验失败", {"v_voucher": self._identities.voucher()})

    def _is_trusted(self, request: web.Request) -> bool:
        signed = wbi.is_signed(request.query.items(), self._keys, time.time())
        return signed and is_browser(request.headers.get("User-Agent", ""))

    def _danmu_info(self, request: web.Request) -> Json:
        if self.risk_next > 0:
            self.risk_next -= 1
            return self._risk()
        buvid = request.cookies.get("buvid3", "")
        if not buvid or not self._is_trusted(request):
            return self._risk()
        room = self._rooms.by_long_id(room_answers.number(request.query.get("id", "")))
        if room is None:
            return error(OTHER_TOKEN_TROUBLE, "房间不存在")
        data: Json = {
            "group": "live", "business_id": 0, "refresh_row_factor": 0.125, "refresh_rate": 100,
            "max_delay": 5000, "token": self._identities.issue(account(request.cookies), buvid, room.room_id),
            "host_list": self._hosts.as_json(),
        }  # fmt: skip
        return ok(data)

    def _info_by_room(self, request: web.Request) -> Json:
        if not self._is_trusted(request):
            return self._risk()
        return room_answers.info_by_room(self._rooms, request)


def _refusal(status: int, code: int, message: str) -> web.Response:
    return web.Response(status=status, body=to_bytes(error(code, message)), content_type="application/json")


def _profile(uid: int) -> Json:
    """What nav tells an account of itself: nobody special."""
    label: Json = {
        "path": "", "text": "", "label_theme": "", "text_color": "", "bg_style": 0, "bg_color": "",
        "border_color": "", "use_img_label": False, "img_label_uri_hans": "", "img_label_uri_hant": "",
        "img_label_uri_hans_static": "", "img_label_uri_hant_static": "",
    }  # fmt: skip
    vip: Json = {
        "type": 0, "status": 0, "due_date": 0, "vip_pay_type": 0, "theme_type": 0, "label": label,
        "avatar_subscript": 0, "nickname_color": "", "role": 0, "avatar_subscript_url": "",
        "tv_vip_status": 0, "tv_vip_pay_type": 0, "tv_due_date": 0,
    }  # fmt: skip
    pendant: Json = {
        "pid": 0, "name": "", "image": "", "expire": 0, "image_enhance": "", "image_enhance_frame": "",
    }  # fmt: skip
    return {
        "isLogin": True, "email_verified": 1, "face": NO_FACE, "face_nft": 0, "face_nft_type": 0,
        "level_info": {"current_level": 6, "current_min": 28800, "current_exp": 30000, "next_exp": "--"},
        "mid": uid, "mobile_verified": 1, "money": 10.5, "moral": 70,
        "official": {"role": 0, "title": "", "desc": "", "type": -1}, "officialVerify": {"type": -1,
        "desc": ""}, "pendant": pendant, "scores": 0, "uname": f"测试账号{uid}", "vipDueDate": 0,
        "vipStatus": 0, "vipType": 0, "vip_pay_type": 0, "vip_theme_type": 0, "vip_label": label,
        "vip_avatar_subscript": 0, "vip_nickname_color": "", "vip": vip,
        "wallet": {"mid": uid, "bcoin_balance": 0, "coupon_balance": 0, "coupon_due_time": 0},
        "has_shop": False, "shop_url": "", "allowance_count": 0, "answer_status": 0, "is_senior_member": 0,
        "is_jury": False,
    }  # fmt: skip


def _gift(kind: GiftKind, bag: int = 0) -> Json:
    return {
        "id": kind.gift_id, "name": kind.name, "price": kind.price, "type": 5 if kind.silver else 0,
        "coin_type": "silver" if kind.silver else "gold", "bag_gift": bag,
        "img_basic": kind.images["img_basic"], "combo_resources_id": 0, "max_send_limit": 5000,
        "bind_ruid": 0, "bind_roomid": 0, "gift_type": 0,
    }  # fmt: skip


def gift_list() -> list[Json]:
    """Every gift that may be played, as giftConfig lists them."""
    boxes = [GiftKind(box.gift_id, box.name, box.price, 0) for box in BOXES]
    revealed = [kind for box in BOXES for kind in box.inside]
    return [_gift(kind) for kind in (*GIFTS, *SILVER_GIFTS, *boxes, *revealed)]
