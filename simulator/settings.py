"""What the command line decided."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """One run.

    Either `rate` (events a second over all rooms) or `profile` (and `speed`), or `replay` of one room.
    """

    host: str
    port: int
    rooms: int
    seed: int
    rate: float = 0.0
    profile: str = ""
    speed: float = 1.0
    masks_guests: bool = False
    heartbeat_timeout: float = 70.0
    replay: Path | None = None
    replay_room: int = 0
    hosts: int = 1  #: danmaku servers, each on a port of its own
    rehearsed: float = 0.0  #: seconds of the playing that are made into frames before it begins
