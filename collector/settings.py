"""What the collector needs of the settings."""

from dataclasses import dataclass, field
from pathlib import Path

from journal.retention import DAY, Limits
from runtime.environment import Environment

BATCH_EVENTS = 1000  #: of a full batch: of each, the live cache takes a room's newest 200 lines alone
BATCH_SECONDS = 0.05
EMPTY_RANGE_SECONDS = 1.0  #: journal bytes without events are told to the sync this often
PROBE_SECONDS = 5.0  #: an entry without anything when there was none for so long
WAITING_BATCHES = 50  #: more than these are not held in memory: the journal has them
INFO_INTERVAL = 60.0  #: s between two looks at what the site says of all rooms; half of it where one waits
INFO_INTERVAL_LOOPBACK = 2.0
INFO_REPEAT = 600.0  #: s after which what did not change is journaled again
GUARDS_SPACING = 3.0  #: s between two questions for a room's guards
GUARDS_INTERVAL_LIVE = 3600.0  #: s between two of one room
GUARDS_INTERVAL = 6 * 3600.0
GUARDS_INTERVAL_LOOPBACK = 20.0

SUPER_CHAT_PAUSE = 5.0  #: s after a question that failed
SUPER_CHAT_TRIES = 5  #: of one room and gap

STARVATION_LOOK = 5.0  #: s between two looks at the rhythms of all rooms
ON_THE_WAY = 5.0  #: s that a line which the site lists may still need to arrive
HANG_UP_SECONDS = 5.0  #: that a server may take to say goodbye to a starved connection


@dataclass(frozen=True, slots=True)
class CollectorSettings:
    journal_dir: Path
    journal_limits: Limits  #: how much is kept of what is in SQL
    redis_url: str
    base_url: str | None  #: of a Bilibili look-alike; None = the site
    proxy: str | None = field(repr=False)  #: HTTP proxy to the site, perhaps with a password
    call_interval: float  #: s between two calls of one endpoint
    connect_interval: float  #: s between two connects
    offline_grace: float  #: s that a room which is connected only while live stays so after its end
    connections_per_room: int

    @classmethod
    def of(cls, environment: Environment) -> "CollectorSettings":
        return cls(
            journal_dir=environment.journal_dir,
            journal_limits=Limits(
                environment.journal_keep_days * DAY, round(environment.journal_max_gib * (1 << 30))
            ),
            redis_url=environment.find_redis(),
            base_url=environment.bilibili_url or None,
            proxy=environment.proxy_url or None,
            call_interval=environment.call_interval,
            connect_interval=environment.connect_interval,
            offline_grace=float(environment.offline_grace),
            connections_per_room=environment.connections_per_room,
        )
