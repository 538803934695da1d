"""The WBI signature as the site checks it: docs/protocol.md section 2. Pure; knows no requests."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

# Which of the 64 characters of both keys make up the mixin key, in this order.
MIXIN_ORDER: tuple[int, ...] = (
    46,
    47,
    18,
    2,
    53,
    8,
    23,
    32,
    15,
    50,
    10,
    31,
    58,
    3,
    45,
    35,
    27,
    43,
    5,
    49,
    33,
    9,
    42,
    19,
    29,
    28,
)
MIXIN_ORDER += (14, 39, 12, 38, 41, 13)
REMOVED = str.maketrans("", "", "!'()*")

# How far a request's `wts` may be from our clock, in seconds.
CLOCK_TOLERANCE = 300


@dataclass(frozen=True, slots=True)
class Keys:
    """One day's pair of keys, as file names of two images that nobody looks at."""

    img: str
    sub: str

    @property
    def mixin(self) -> str:
        """What is appended to the query before hashing: 32 characters."""
        both = self.img + self.sub
        return "".join(both[index] for index in MIXIN_ORDER)

    def images(self) -> dict[str, str]:
        """`wbi_img` of the nav answer."""
        return {
            "img_url": f"https://i0.hdslb.com/bfs/wbi/{self.img}.png",
            "sub_url": f"https://i0.hdslb.com/bfs/wbi/{self.sub}.png",
        }


def make_keys(random: Random) -> Keys:
    """A new pair of keys."""
    return Keys(f"{random.getrandbits(128):032x}", f"{random.getrandbits(128):032x}")


def _component(text: str) -> str:
    # What encodeURIComponent leaves alone, less the characters that are removed anyhow.
    return quote(text, safe="-_.~")


def sign(parameters: Iterable[tuple[str, str]], keys: Keys) -> str:
    """`w_rid` of the parameters, `wts` among them: 32 hex characters."""
    query = "&".join(
        f"{_component(name)}={_component(value.translate(REMOVED))}" for name, value in sorted(parameters)
    )
    return hashlib.md5((query + keys.mixin).encode(), usedforsecurity=False).hexdigest()


def is_signed(parameters: Iterable[tuple[str, str]], keys: Keys, now: float) -> bool:
    """Whether the parameters carry a fresh and right signature."""
    pairs = list(parameters)
    given = dict(pairs)
    if not given.get("w_rid") or not given.get("wts", "").isdecimal():
        return False
    if abs(int(given["wts"]) - now) > CLOCK_TOLERANCE:
        return False
    return sign([pair for pair in pairs if pair[0] != "w_rid"], keys) == given["w_rid"]
