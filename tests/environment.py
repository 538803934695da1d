"""Settings of the tests' own. A plugin of pytest, because Django's settings are read before conftest.py.

TEST_DATABASE=postgresql runs them on a PostgreSQL of their own instead of SQLite.
"""

import contextlib
import os
import tempfile
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

from runtime import environment

if TYPE_CHECKING:
    from tests.postgres_process import PostgresProcess

# Nothing is timed: a busy machine would fail what is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# A developer's .env and environment must change no test: empty means the default, and wins over .env.
_data_dir = tempfile.TemporaryDirectory(prefix="bilibili-monitor-tests-")
os.environ.update(dict.fromkeys(environment.names(), ""))
os.environ["DATA_DIR"] = _data_dir.name

_resources = contextlib.ExitStack()

#: What processes have their databases on; None: they have files of SQLite.
SERVER: "PostgresProcess | None" = None

if (engine := os.environ.setdefault("TEST_DATABASE", "sqlite")) == "postgresql":
    from tests.postgres_process import postgres_process

    SERVER = _resources.enter_context(postgres_process())
    os.environ["DATABASE_URL"] = SERVER.url("monitor")
elif engine != "sqlite":
    raise SystemExit(f"TEST_DATABASE={engine} is none; use sqlite or postgresql.")


def pytest_unconfigure() -> None:
    """The server ends with the tests, also when there was an error."""
    _resources.close()
