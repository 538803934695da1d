"""DATABASES of Django's settings: how each engine is connected to, and why so."""

from pathlib import Path
from typing import Any

from runtime import data_folder
from runtime.database_address import PostgresAddress
from runtime.environment import Environment

_PATIENCE = 20  # s that a statement waits for what another one holds
#: Pages of 4 KiB in the -wal file after which a commit writes them back.
_CHECKPOINT = 64_000
#: Of a sort or hash on PostgreSQL: with its own 4 MB, a week of gifts is sorted in files, not hashed.
_WORK_MEMORY = "16MB"


def default(environment: Environment) -> dict[str, Any]:
    """The one database that everything is in."""
    place = environment.database
    if isinstance(place, PostgresAddress):
        return _postgresql(place)
    return _sqlite(place, environment.data_dir / "test.sqlite3")


def _sqlite(path: Path, test_path: Path) -> dict[str, Any]:
    # Only of a file without a first page, and only before WAL writes that page. Not of any other: it takes
    # a write, so that on a full disk no connection could be opened, not even to read.
    of_a_new_file = "" if data_folder.has_content(path) else "PRAGMA auto_vacuum=incremental;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "init_command": f"{of_a_new_file}PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL"
            # Several batches of the sync change the same pages. Of all connections: one that has another
            # number would write back all that the sync put off.
            f";PRAGMA wal_autocheckpoint={_CHECKPOINT}",
            # A transaction that reads first and writes later fails at once when another one wrote in between.
            "transaction_mode": "IMMEDIATE",
            "timeout": _PATIENCE,
        },
        # In memory there is no WAL and no second process: tests use a file like everyone.
        "TEST": {"NAME": test_path},
    }


def _postgresql(address: PostgresAddress) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        # Of the web each request has a thread of its own under ASGI, so that no connection outlives it; the
        # sync is no request, and keeps its own until something is wrong with it.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "application_name": "bilibili-live-monitor",
            "connect_timeout": "10",
            # A server that is gone without a word (its machine lost power) is noticed within a minute.
            "keepalives_idle": "30",
            "keepalives_interval": "10",
            "keepalives_count": "3",
            "tcp_user_timeout": "60000",
            # As long as SQLite waits for a lock: then the same error is raised, and the same is tried again.
            "options": f"-c lock_timeout={_PATIENCE}s -c idle_in_transaction_session_timeout=10min"
            # To compile a statement takes longer than any of ours; servers with LLVM do so for costly plans.
            f" -c work_mem={_WORK_MEMORY} -c jit=off",
            **address.options,
        },
    }
