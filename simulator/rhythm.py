"""When things happen: at an even rate, or as they did in a real evening (`rates/*.csv.gz`: numbers only).

Yields names of commands; knows no messages and no connections.
"""

import csv
import gzip
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Protocol

FOLDER = Path(__file__).parent / "rates"
PROFILES = ("big", "mid", "quiet")

# The even mix: of a hundred counted events so many, and beside them so many that only readers' counters see.
COUNTED = {"DANMU_MSG": 87.9, "SEND_GIFT": 11.0, "SUPER_CHAT_MESSAGE": 0.6, "GUARD_BUY": 0.5}
UNCOUNTED = {
    "INTERACT_WORD": 40, "ENTRY_EFFECT": 10, "COMBO_SEND": 20, "LIKE_INFO_V3_CLICK": 6,
    "ONLINE_RANK_COUNT": 6, "WATCHED_CHANGE": 4, "LIKE_INFO_V3_UPDATE": 4, "ONLINE_RANK_V3": 2,
    "ONLINE_RANK_V2": 1, "WIDGET_BANNER": 3, "STOP_LIVE_ROOM_LIST": 1, "NOTICE_MSG": 1,
    "ROOM_REAL_TIME_MESSAGE_UPDATE": 1, "LIVE_INTERACTIVE_GAME": 1, "HOT_RANK_CHANGED_V2": 0.5,
    "DANMU_MSG_MIRROR": 0.5, "ROOM_CHANGE": 0.3, "PREPARING": 0.1, "PK_BATTLE_PRE": 0.1,
    "ANCHOR_LOT_START": 0.1, "ROOM_BLOCK_MSG": 0.2, "RECALL_DANMU_MSG": 0.2, "LIVE_ROOM_TOAST_MESSAGE": 0.2,
    "ROOM_ADMINS": 0.1, "ROOM_ADMIN_REVOKE": 0.1, "ROOM_SILENT_ON": 0.1, "WARNING": 0.05,
    "VIDEO_CONNECTION_JOIN_START": 0.05, "POPULARITY_RED_POCKET_NEW": 0.5,
}  # fmt: skip
UNCOUNTED_SHARE = 0.12
_COUNTED, _OF_COUNTED = tuple(COUNTED), tuple(accumulate(COUNTED.values()))
_UNCOUNTED, _OF_UNCOUNTED = tuple(UNCOUNTED), tuple(accumulate(UNCOUNTED.values()))

# The recorded evening is of 2021; what the site has sent since comes along with this command of then.
COMPANIONS = {
    "POPULARITY_RED_POCKET_NEW": 0.004,
    "ROOM_CHANGE": 0.004,
    "PREPARING": 0.002,
    "DANMU_MSG_MIRROR": 0.01,
    "WATCHED_CHANGE": 0.5,
    "LIKE_INFO_V3_UPDATE": 0.4,
    "LIKE_INFO_V3_CLICK": 0.15,
    "ONLINE_RANK_V3": 0.05,
    "PK_BATTLE_PRE": 0.003,
    "ANCHOR_LOT_START": 0.003,
    "ROOM_BLOCK_MSG": 0.004,
    "RECALL_DANMU_MSG": 0.004,
    "LIVE_ROOM_TOAST_MESSAGE": 0.004,
    "ROOM_ADMINS": 0.001,
    "ROOM_ADMIN_REVOKE": 0.001,
    "ROOM_SILENT_ON": 0.001,
    "WARNING": 0.001,
    "VIDEO_CONNECTION_JOIN_START": 0.001,
}


class Rhythm(Protocol):
    """Tells what to play."""

    def advance(self, seconds: float) -> Iterator[str]:
        """The commands of the next so many seconds of the wall clock."""
        ...

    def counted(self, events: int) -> None:
        """How many events of the ledger the last command made."""
        ...


class EvenRate:
    """So many counted events a second."""

    def __init__(self, per_second: float, random: Random) -> None:
        self._per_second = per_second
        self._random = random
        self._owed = random.random()

    def advance(self, seconds: float) -> Iterator[str]:
        self._owed += seconds * self._per_second
        while self._owed >= 1:
            yield self._random.choices(_COUNTED, cum_weights=_OF_COUNTED)[0]
            if self._random.random() < UNCOUNTED_SHARE:
                yield self._random.choices(_UNCOUNTED, cum_weights=_OF_UNCOUNTED)[0]

    def counted(self, events: int) -> None:
        self._owed -= events


class Evening:
    """A recorded evening in a loop, from anywhere in it, `speed` times as fast."""

    def __init__(self, profile: "Profile", speed: float, random: Random) -> None:
        self._profile = profile
        self._speed = speed
        self._random = random
        self._position = random.random() * profile.length

    def advance(self, seconds: float) -> Iterator[str]:
        start = self._position
        self._position += seconds * self._speed
        for second in range(int(start), int(self._position) + 1):
            commands = self._profile.at(second)
            for index, cmd in enumerate(commands):
                # Spread over their second, so that a slow replay does not come in jerks.
                if start <= second + index / len(commands) < self._position:
                    yield cmd
                    yield from self._companions(cmd)

    def counted(self, events: int) -> None:
        """The evening knows its own counts."""

    def _companions(self, cmd: str) -> Iterator[str]:
        if cmd == "ONLINE_RANK_COUNT":
            yield from (name for name, share in COMPANIONS.items() if self._random.random() < share)


class Profile:
    """Second of the evening -> commands, each as often as it came."""

    def __init__(self, name: str) -> None:
        self._seconds: dict[int, tuple[str, ...]] = {}
        with gzip.open(FOLDER / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
            for second, cmd, count in csv.reader(file):
                key = int(second)
                self._seconds[key] = self._seconds.get(key, ()) + (cmd,) * int(count)
        self.length = max(self._seconds) + 1

    def at(self, second: int) -> tuple[str, ...]:
        """The commands of this second; the evening repeats."""
        return self._seconds.get(second % self.length, ())
