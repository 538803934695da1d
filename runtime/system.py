"""The processes of the running system, in the order in which they start. Knows their command lines only."""

import functools
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from runtime import data_folder, demo, probes, pulse, redis_server, setting_values, supervisor
from runtime.environment import Environment
from runtime.process_states import StateFile
from runtime.setting_values import ROOT
from runtime.supervisor import Child, Say

#: Seconds. What is received meanwhile waits with the sockets, and is lost with them: a disk that answers
#: after half a minute must not cost that.
COLLECTOR_HANGS = 60.0
_SYNC = ("manage.py", "start_sync_scheduler", "--interval", "1")


@dataclass(frozen=True, slots=True)
class System:
    """What `up` runs."""

    settings: Environment
    redis_url: str
    children: Sequence[Child]
    note: str = ""
    """What a person must know, usually nothing."""

    async def run(self, say: Say, started: Callable[[], None]) -> None:
        """Runs all until a signal, see `supervise`."""
        await redis_server.end_leftover(_last_address(self.settings), self.settings.redis_dir)
        data_folder.write_private(self.settings.redis_url_file, f"{self.redis_url}\n")
        if self.settings.redis_url and not await probes.redis_answers(self.redis_url):
            shown = setting_values.without_secrets(self.redis_url)
            say(f"Redis at {shown} does not answer; it is tried again until it does.")
        states = StateFile(self.settings.processes_file)
        await supervisor.supervise(self.children, self.settings.logs_dir, say, states.note, started)
        states.remove()


@contextmanager
def planned(settings: Environment, *, simulated: bool) -> Iterator[System]:
    """All processes for `settings`, with a simulator at their BILIBILI_URL when `simulated`.

    Raises NoRedis or FolderRefused when there is no place or program for the embedded Redis.
    """
    simulators = [_simulator(urlsplit(settings.bilibili_url).port or 0)] if simulated else []
    if settings.redis_url:
        yield System(
            settings, settings.redis_url, [*simulators, *_own_children(settings, settings.redis_url)]
        )
        return
    with redis_server.embedded(settings.redis_dir) as redis:
        ready = functools.partial(probes.redis_answers, redis.url)
        server = Child("redis", redis.command, redis.folder, ready=ready)
        children = [*simulators, server, *_own_children(settings, redis.url)]
        yield System(settings, redis.url, children, redis.note)


def _own_children(settings: Environment, redis_url: str) -> list[Child]:
    """Each later one reads what the earlier ones bring up."""
    environ = {"REDIS_URL": redis_url, "DATA_DIR": str(settings.data_dir)}
    listens = functools.partial(probes.accepts, settings.host, settings.port)
    return [
        _python("watch", ("manage.py", "watch", "--from-settings"), environ, once=True),
        _python("scheduler", _SYNC, environ),
        *(
            _python(f"sync-{number}", (*_SYNC, "--partition", str(number)), environ)
            for number in range(1, settings.sync_partitions)
        ),
        replace(
            _python("collector", ("-m", "collector"), environ | pulse.ENVIRON),
            longest_silence=COLLECTOR_HANGS,
        ),
        _python("web", ("-m", "bilibili_monitor.server"), environ, ready=listens),
    ]


def _simulator(port: int) -> Child:
    listens = functools.partial(probes.accepts, "127.0.0.1", port)
    return _python("simulator", ("-m", "simulator", *demo.simulator_options(port)), {}, ready=listens)


def _python(
    name: str,
    arguments: tuple[str, ...],
    environ: dict[str, str],
    ready: Callable[[], Awaitable[bool]] | None = None,
    once: bool = False,
) -> Child:
    return Child(name, (sys.executable, *arguments), ROOT, environ, ready, once)


def _last_address(settings: Environment) -> str:
    try:
        return settings.redis_url_file.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
