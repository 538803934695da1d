"""All settings, read once from the environment and `.env`, and checked. Knows not what they are for."""

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar

from runtime import database_address, dotenv, setting_values
from runtime.database_address import PostgresAddress
from runtime.errors import BadSetting
from runtime.setting_values import ROOT

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Environment:
    """Every setting, one field each; the variable has the field's name in capitals."""

    host: str
    """Loopback address on which the page listens."""
    port: int
    """TCP port of the page, 1 to 65535."""
    data_dir: Path
    """Absolute path of the folder that holds everything that is kept."""
    redis_url: str
    """Redis or Valkey >= 6.2 to use; empty: the embedded one."""
    database_url: str = field(repr=False)
    """`postgres://user:password@host/name` or `sqlite:///path`; empty: `DATA_DIR/live.sqlite3`."""
    rooms: tuple[str, ...]
    """Room ids to watch from the start, as typed; whoever uses them checks them."""
    bilibili_url: str
    """Base URL of a Bilibili look-alike; empty: the real site."""
    proxy_url: str = field(repr=False)
    """HTTP proxy for everything that goes to the site, perhaps with a password; empty: none of ours."""
    call_interval: float
    """Seconds between two HTTP calls to one endpoint."""
    connect_interval: float
    """Seconds between two WebSocket connects."""
    offline_grace: int
    """Seconds that a room which is connected only while it is live stays connected after its end."""
    connections_per_room: int
    """1, or 2 to different servers, so that a room lives on when one of them drops."""
    session_grace: int
    """Seconds between two streams of a room up to which both are one session."""
    sync_partitions: int
    """Syncs that share the rooms, each with a process of its own; 1 on SQLite, which one writes at a time."""
    log_keep: int
    """Seconds that the event log is kept behind the sync, so that pages can resume."""
    journal_keep_days: int
    """Days that raw frames are kept after they are in SQL; 0: without end."""
    journal_max_gib: float
    """GiB of raw frames that are kept after they are in SQL; 0: as many as there are."""
    stats_timezone: str
    """IANA name of the zone whose days statistics are kept by."""
    day_start: int
    """Minutes after midnight at which such a day begins, 0 to 1439."""
    log_level: str
    """Least level that is written to the log files."""

    @property
    def database(self) -> Path | PostgresAddress:
        """The SQLite file, or the PostgreSQL."""
        if self.database_url.startswith(database_address.POSTGRES):
            return database_address.postgres(self.database_url)
        if self.database_url:
            return database_address.sqlite_path(self.database_url)
        return self.data_dir / "live.sqlite3"

    @property
    def database_path(self) -> Path | None:
        """The SQLite file; None: it is a PostgreSQL."""
        place = self.database
        return place if isinstance(place, Path) else None

    @property
    def journal_dir(self) -> Path:
        """Raw frames as received."""
        return self.data_dir / "journal"

    @property
    def redis_dir(self) -> Path:
        """Append-only file and socket of the embedded Redis."""
        return self.data_dir / "redis"

    @property
    def logs_dir(self) -> Path:
        """Rotating log files, two per process at most."""
        return self.data_dir / "logs"

    @property
    def redis_url_file(self) -> Path:
        """Where `up` leaves the address of its Redis for commands typed beside it."""
        return self.data_dir / "redis.url"

    @property
    def secret_key_file(self) -> Path:
        """Django's signing key, made at the first start."""
        return self.data_dir / "secret.key"

    @property
    def lock_file(self) -> Path:
        """Held by the running `up`; its text says which process that is."""
        return self.data_dir / "up.lock"

    @property
    def processes_file(self) -> Path:
        """What the running `up` says of its processes; gone when it has ended in order."""
        return self.data_dir / "processes.json"

    @property
    def page_url(self) -> str:
        """Where a browser finds the page."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/live/"

    def find_redis(self) -> str:
        """REDIS_URL, else the address that a running `up` wrote, else the port that Redis has by custom."""
        if self.redis_url:
            return self.redis_url
        try:
            written = self.redis_url_file.read_text(encoding="utf-8").strip()
        except OSError:
            written = ""
        return written or "redis://localhost:6379"


def names() -> tuple[str, ...]:
    """The variables that are settings."""
    return tuple(each.name.upper() for each in fields(Environment))


def load(environ: Mapping[str, str], env_file: Path | None) -> Environment:
    """All settings checked; `environ` wins over `env_file`, and an empty value means the default.

    Raises BadSetting, whose text is one line with the name, the value and what to do.
    """
    given = {**(dotenv.read(env_file) if env_file else {}), **environ}
    read = _Reader({name: given.get(name, "").strip() for name in names()})
    bilibili_url = read("BILIBILI_URL", "", setting_values.site)
    unhurried = not setting_values.is_loopback_url(bilibili_url)
    database_url = read("DATABASE_URL", "", database_address.checked)
    is_postgres = database_url.startswith(database_address.POSTGRES)
    pause, seconds = setting_values.pause(allow_zero=not unhurried), "1.0" if unhurried else "0.0"
    return Environment(
        host=read("HOST", "127.0.0.1", setting_values.loopback_host),
        port=read("PORT", "8000", setting_values.whole(1, 65535)),
        data_dir=read("DATA_DIR", "data", setting_values.folder),
        redis_url=read("REDIS_URL", "", setting_values.redis_url),
        database_url=database_url,
        rooms=read("ROOMS", "", setting_values.comma_separated),
        bilibili_url=bilibili_url,
        proxy_url=read("PROXY_URL", "", setting_values.proxy),
        call_interval=read("CALL_INTERVAL", seconds, pause),
        connect_interval=read("CONNECT_INTERVAL", seconds, pause),
        offline_grace=read("OFFLINE_GRACE", "600", setting_values.whole(0, 86400)),
        connections_per_room=read("CONNECTIONS_PER_ROOM", "1", setting_values.whole(1, 2)),
        session_grace=read("SESSION_GRACE", "600", setting_values.whole(0, 86400)),
        sync_partitions=read("SYNC_PARTITIONS", "1", setting_values.partitions(is_postgres)),
        log_keep=read("LOG_KEEP", "600", setting_values.whole(1, 7 * 86400)),
        journal_keep_days=read("JOURNAL_KEEP_DAYS", "3", setting_values.whole(0, 36500)),
        journal_max_gib=read("JOURNAL_MAX_GIB", "5", setting_values.gibibytes),
        stats_timezone=read("STATS_TIMEZONE", "Asia/Shanghai", setting_values.time_zone),
        day_start=read("DAY_START", "00:00", setting_values.clock_time),
        log_level=read("LOG_LEVEL", "INFO", setting_values.log_level),
    )


def from_process() -> Environment:
    """The settings of this process: its environment, then `.env` in the checkout."""
    return load(os.environ, ROOT / ".env")


def demo_data_dir() -> Path:
    """The folder of `up --demo`: DATA_DIR when that is set, else one of its own beside the real one."""
    given = {**dotenv.read(ROOT / ".env"), **os.environ}
    return setting_values.folder(given.get("DATA_DIR", "").strip() or "data-demo")


def variable(name: str) -> str:
    """The text of any variable of the environment, then of `.env`; empty when there is none."""
    return {**dotenv.read(ROOT / ".env"), **os.environ}.get(name, "").strip()


def unknown_settings(env_file: Path) -> list[str]:
    """A line for each variable in `env_file` that is no setting, with the nearest name that is one."""
    return [_unknown(env_file, name) for name in dotenv.read(env_file) if name not in names()]


def _unknown(env_file: Path, name: str) -> str:
    near = difflib.get_close_matches(name.upper(), names(), n=1)
    hint = f"did you mean {near[0]}?" if near else "see .env.example for all settings."
    return f"{env_file.name}: {name} is not a setting; {hint}"


class _Reader:
    """Turns the texts of settings into values; what a parser finds wrong becomes BadSetting."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, name: str, default: str, parse: Callable[[str], Value]) -> Value:
        text = self._texts[name] or default
        try:
            return parse(text)
        except ValueError as error:
            raise BadSetting(f"{name}={setting_values.without_secrets(text)} {error}") from error
