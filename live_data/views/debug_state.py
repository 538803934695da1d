"""What /live/debug/ shows: each part looked at for itself, so that none takes the others with it."""

import itertools
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings

from event_store import connect
from live_data.forms.keys import KeysForm
from live_data.inspection import (
    clocks,
    dead_letters,
    journals,
    ledger,
    news,
    processes,
    redis_state,
    runs,
    storage,
    versions,
    wrongs,
)
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
        "problems": _each_once(of_redis["problems"], wrongs.of_this_machine(environment), _of_sql(now)),
        "now": now,
        "version": version(),
        "processes": processes.look(environment.processes_file),
        "journals": attempted(lambda: journals.look(environment.journal_dir)),
        "runs": attempted(runs.newest),
        "news": attempted(news.look),
        "dead_letters": attempted(dead_letters.look),
        "clocks": attempted(clocks.look),
        "database": attempted(lambda: storage.database(environment)),
        "sizes": storage.sizes(environment),
        "volumes": attempted(lambda: storage.volumes(environment)),
        "versions": versions.look(),
        "data_dir": environment.data_dir,
    }


def problems(now: datetime) -> list[Problem]:
    """All that is not as it should be, Redis first."""
    of_machine = wrongs.of_this_machine(settings.ENVIRONMENT)
    return _each_once(redis_problems(now), of_machine, _of_sql(now))


def _of_sql(now: datetime) -> list[Problem]:
    return [*wrongs.of_clocks(now), *wrongs.of_damage(now), *wrongs.of_dead_letters()]


def _each_once(*found: Iterable[Problem]) -> list[Problem]:
    """A database that cannot be used is found by several."""
    return list(dict.fromkeys(itertools.chain(*found)))


def news_by_kind() -> dict[str, int]:
    """How many names the protocol has that this version does not know; none while nobody can say."""
    found = attempted(news.by_kind)
    return found if isinstance(found, dict) else {}


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
