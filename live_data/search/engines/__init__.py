"""The index itself, on each engine: the same functions, for each of its tables."""

from types import ModuleType

from django.db import DEFAULT_DB_ALIAS, connections

from live_data.search.engines import postgresql, sqlite

MESSAGES = "live_data_searchindex"  #: of what was said
NAMES = "live_data_nameindex"  #: of people

_ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def engine(using: str = DEFAULT_DB_ALIAS) -> ModuleType:
    return _ENGINES[connections[using].vendor]
