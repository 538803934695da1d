"""All that is not as it should be, in one list: for the page, and for a machine that asks for health."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from live_data import redis_report
from live_data.inspection import processes, storage
from live_data.inspection.attempts import Attempt, Failed, attempted
from live_data.redis_access import Client
from live_data.redis_report import Problem
from runtime.environment import Environment


def of_redis(client: Client, now: datetime) -> list[Problem]:
    """What sync and collectors say, or do not say. Raises as redis_report.problems() does."""
    return redis_report.problems(client, now)


def of_this_machine(settings: Environment) -> list[Problem]:
    """The disk, and the processes that `up` watches."""
    return [*listed(attempted(lambda: list(_of_disk(settings)))), *_of_processes(settings)]


def listed(found: Attempt[list[Problem]]) -> list[Problem]:
    """That something cannot be looked at is a problem, too."""
    return [Problem(found.failed, found.detail)] if isinstance(found, Failed) else found


def _of_disk(settings: Environment) -> Iterator[Problem]:
    for volume in storage.volumes(settings):
        if volume.is_low:
            said = _("the disk is nearly full: %(free)d MiB are left; when it is full, rooms become blind")
            yield Problem(said % {"free": volume.free >> 20}, str(volume.folder))


def _of_processes(settings: Environment) -> Iterator[Problem]:
    found = processes.look(settings.processes_file)
    if found.kind == "killed":
        yield Problem(_("`up` was killed; what runs now is not watched"))
    for process in found.waiting if found.kind == "supervised" else ():
        said = _("%(name)s ended and is started again soon")
        yield Problem(said % {"name": process.name}, process.last_exit)
