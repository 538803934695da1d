"""What the collector needs of the settings."""

from dataclasses import dataclass
from pathlib import Path

from runtime.environment import Environment

BATCH_EVENTS = 500
BATCH_SECONDS = 0.05
EMPTY_RANGE_SECONDS = 1.0  #: journal bytes without events are told to the sync this often
PROBE_SECONDS = 5.0  #: an entry without anything when there was none for so long
WAITING_BATCHES = 100  #: more than these are not held in memory: the journal has them
INFO_INTERVAL = 60.0  #: s between two looks at what the site says of all rooms


@dataclass(frozen=True, slots=True)
class CollectorSettings:
    journal_dir: Path
    journal_keep: float  #: s that frames are kept after they are in SQL
    redis_url: str
    base_url: str | None  #: of a Bilibili look-alike; None = the site
    call_interval: float  #: s between two calls of one endpoint
    connect_interval: float  #: s between two connects

    @classmethod
    def of(cls, environment: Environment) -> "CollectorSettings":
        return cls(
            journal_dir=environment.journal_dir,
            journal_keep=environment.journal_keep_days * 86400.0,
            redis_url=environment.find_redis(),
            base_url=environment.bilibili_url or None,
            call_interval=environment.call_interval,
            connect_interval=environment.connect_interval,
        )
