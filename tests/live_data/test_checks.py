"""Misconfiguration is told by system checks with stable ids."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.db import connection

from live_data.checks import database_can_shrink, rooms_are_rooms
from tests.live_data.conftest import with_settings


def test_rooms_that_are_no_rooms_are_named(settings: Any) -> None:
    with_settings(settings, rooms=("22889484", "abc", "0"))
    found = rooms_are_rooms()
    assert [each.id for each in found] == ["live_data.W001", "live_data.W001"]
    assert "'abc'" in str(found[0].msg)


@pytest.mark.django_db
def test_our_own_database_file_can_shrink(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "live.sqlite3"
    path.touch()
    with_settings(settings, database_url=f"sqlite:///{path}")
    assert database_can_shrink() == []


@pytest.mark.django_db(transaction=True)
def test_a_file_that_another_program_made_is_told(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "live.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t (x)")
    with_settings(settings, database_url=f"sqlite:///{path}")
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = path
    try:
        [told] = database_can_shrink()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert told.id == "live_data.W002"


@pytest.mark.django_db
def test_the_checks_are_registered() -> None:
    registered = checks.registry.registry.get_checks(include_deployment_checks=False)
    assert rooms_are_rooms in registered
    assert database_can_shrink in registered
