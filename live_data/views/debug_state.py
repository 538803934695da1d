"""What /live/debug/ shows: each part looked at for itself, so that none takes the others with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings

from event_store import connect
from live_data.forms.keys import KeysForm
from live_data.inspection import journals, ledger, processes, redis_state, runs, storage, versions, wrongs
from live_data.inspection.attempts import Attempt, attempted, told
from live_data.redis_access import Client
from live_data.redis_report import Problem
from live_data.views import redis_client
from live_data.views.live_state import version

Answer = dict[str, Any]  # the templates' boundary
Part = TypeVar("Part")


def everything(form: KeysForm, now: datetime) -> Answer:
    """The context of the page; of a form that is not valid no keys."""
    environment = settings.ENVIRONMENT
    of_redis = _of_redis(form, now)
    return {
        **of_redis,
        "problems": [*of_redis["problems"], *wrongs.of_this_machine(environment)],
        "now": now,
        "version": version(),
        "processes": processes.look(environment.processes_file),
        "journals": attempted(lambda: journals.look(environment.journal_dir)),
        "runs": attempted(runs.newest),
        "database": attempted(lambda: storage.database(environment)),
        "sizes": storage.sizes(environment),
        "volumes": attempted(lambda: storage.volumes(environment)),
        "versions": versions.look(),
        "data_dir": environment.data_dir,
    }


def problems(now: datetime) -> list[Problem]:
    """All that is not as it should be, Redis first."""
    return [*redis_problems(now), *wrongs.of_this_machine(settings.ENVIRONMENT)]


def redis_problems(now: datetime) -> list[Problem]:
    """What `check_redis_keys` finds, or that it cannot be asked."""

    def look() -> list[Problem]:
        with redis_client.asked() as client:
            return wrongs.of_redis(client, now)

    return wrongs.listed(attempted(look))


def _of_redis(form: KeysForm, now: datetime) -> Answer:
    """Over one connection: a server that hangs costs one time-out, not one for each part."""
    try:
        with redis_client.asked() as client:
            return {
                "redis": _part(lambda: redis_state.look(client)),
                "problems": wrongs.listed(_part(lambda: wrongs.of_redis(client, now))),
                "keys": _part(lambda: _keys(client, form)),
                "ledger": _part(lambda: ledger.look(client)),
            }
    except connect.RedisUnavailable as away:
        failed = told(away)
        without = attempted(lambda: ledger.look(None))
        return {"redis": failed, "problems": wrongs.listed(failed), "keys": failed, "ledger": without}


def _part(look: Callable[[], Part]) -> Attempt[Part]:
    return attempted(look, passing=connect.RedisAway)


def _keys(client: Client, form: KeysForm) -> Any:
    """None while it is not known which."""
    if not form.is_valid():
        return None
    return redis_state.look_at_keys(client, form.cleaned_data["pattern"], form.cleaned_data["limit"])
