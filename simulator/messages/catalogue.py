"""What can be given: gifts, blind boxes, guard ranks.

Prices in gold seeds (1000 = CNY 1), silver where said.
"""

from dataclasses import dataclass

IMAGE = "https://s1.hdslb.com/bfs/live/{:040x}"


@dataclass(frozen=True, slots=True)
class GiftKind:
    """One gift of the panel."""

    gift_id: int
    name: str
    price: int
    weight: int
    silver: bool = False

    @property
    def images(self) -> dict[str, object]:
        """`gift_info` of the JSON messages."""
        picture = IMAGE.format(self.gift_id)
        return {
            "effect_id": 0, "gif": f"{picture}.gif", "has_imaged_gift": 0, "img_basic": f"{picture}.png",
            "webp": f"{picture}.webp",
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class BlindBox:
    """A box: what is paid, and what may come out of it."""

    gift_id: int
    name: str
    price: int
    config_id: int
    inside: tuple[GiftKind, ...]


GIFTS = (
    GiftKind(31036, "小花花", 100, 60),
    GiftKind(31164, "粉丝团灯牌", 100, 40),
    GiftKind(31039, "牛哇牛哇", 100, 40),
    GiftKind(30901, "冰镇酸梅汤", 500, 16),
    GiftKind(30902, "毛绒小熊", 1_000, 14),
    GiftKind(30903, "星光瓶", 5_200, 6),
    GiftKind(30904, "打铁锤", 9_900, 4),
    GiftKind(30905, "旋转木马", 66_000, 2),
    GiftKind(30906, "云上灯塔", 199_000, 1),
    GiftKind(30907, "银河列车", 1_245_000, 0),
)
SILVER_GIFTS = (GiftKind(1, "辣条", 100, 10, silver=True), GiftKind(30911, "早安面包", 0, 4, silver=True))
BOXES = (
    BlindBox(30920, "午后盲盒", 5_000, 91, (
        GiftKind(30921, "柚子叶", 2_500, 50), GiftKind(30922, "奶油泡芙", 4_800, 30), GiftKind(30923,
        "小提琴", 12_000, 5),
    )),
    BlindBox(30930, "星座盲盒", 33_000, 92, (
        GiftKind(30931, "望远镜", 20_000, 50), GiftKind(30932, "流星", 35_000, 30), GiftKind(30933, "天文台",
        150_000, 3),
    )),
)  # fmt: skip

# Guard level -> gift id, list price, and what is really paid at times (first month, auto-renewal).
GUARDS = {
    3: (10003, 198_000, (138_000, 168_000, 198_000)),
    2: (10002, 1_998_000, (1_598_000, 1_998_000)),
    1: (10001, 19_998_000, (15_998_000, 19_998_000)),
}
