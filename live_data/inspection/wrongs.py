"""All that is not as it should be, in one list: for the page, and for a machine that asks for health."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from event_store import connect
from live_data import instants, redis_report
from live_data.inspection import clocks, connections, damage, dead_letters, processes, storage
from live_data.inspection.attempts import Attempt, Failed, attempted
from live_data.redis_access import Client
from live_data.redis_report import Problem
from runtime.environment import Environment


def of_redis(client: Client, now: datetime) -> list[Problem]:
    """What sync and collectors say, or do not say, and whether rooms are connected; also while SQL cannot be
    asked. Raises what redis raises, and msgspec.DecodeError.
    """
    of_sql = attempted(lambda: _with_sql(client, now), passing=connect.RedisAway)
    return [*redis_report.reported(client, now), *listed(of_sql)]


def _with_sql(client: Client, now: datetime) -> list[Problem]:
    outage = connections.outage(instants.epoch_ms(now), connections.look(client).values())
    return [*redis_report.holes(client, now), *([outage] if outage is not None else [])]


def of_clocks(now: datetime) -> list[Problem]:
    """What collectors found out about their clocks in the last day."""
    return listed(attempted(lambda: clocks.problems(now)))


def of_dead_letters() -> list[Problem]:
    """That there are some."""
    return listed(attempted(dead_letters.problems))


def of_damage(now: datetime) -> list[Problem]:
    """That journals lost what SQL had not."""
    return listed(attempted(lambda: damage.problems(now)))


def of_this_machine(settings: Environment) -> list[Problem]:
    """The disk, and the processes that `up` watches."""
    return [*listed(attempted(lambda: list(_of_disk(settings)))), *_of_processes(settings)]


def listed(found: Attempt[list[Problem]]) -> list[Problem]:
    """That something cannot be looked at is a problem, too."""
    return [Problem(found.failed, found.detail)] if isinstance(found, Failed) else found


def _of_disk(settings: Environment) -> Iterator[Problem]:
    for volume in storage.volumes(settings):
        if volume.is_low:
            said = _(
                "the disk is nearly full: %(free)d MiB are left; "
                "when it is full, nothing more can be recorded"
            )
            yield Problem(said % {"free": volume.free >> 20}, str(volume.folder))


def _of_processes(settings: Environment) -> Iterator[Problem]:
    found = processes.look(settings.processes_file)
    if found.kind == "killed":
        yield Problem(_("`up` was killed; what runs now is not watched"))
    for process in found.waiting if found.kind == "supervised" else ():
        said = _("%(name)s ended and is started again soon")
        yield Problem(said % {"name": process.name}, process.last_exit)
