"""Misconfiguration is told by system checks with stable ids."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.core.management import call_command
from django.db import connection

from live_data.checks import database_can_shrink, days_are_as_set, rooms_are_rooms
from live_data.storing import calendar
from tests.live_data.conftest import with_settings


def test_rooms_that_are_no_rooms_are_named(settings: Any) -> None:
    with_settings(settings, rooms=("22889484", "abc", "0"))
    found = rooms_are_rooms()
    assert [each.id for each in found] == ["live_data.W001", "live_data.W001"]
    assert "'abc'" in str(found[0].msg)


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db
def test_our_own_database_file_can_shrink(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "live.sqlite3"
    path.touch()
    with_settings(settings, database_url=f"sqlite:///{path}")
    assert database_can_shrink() == []


@pytest.mark.only_on("sqlite")
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
def test_other_days_than_the_rollups_have_are_told_until_they_are_rebuilt(settings: Any) -> None:
    assert days_are_as_set() == []
    calendar.kept()
    assert days_are_as_set() == []
    with_settings(settings, day_start=6 * 60)
    [told] = days_are_as_set()
    assert told.id == "live_data.W003"
    assert "Asia/Shanghai 00:00" in str(told.msg)
    assert "Asia/Shanghai 06:00" in str(told.msg)
    call_command("rebuild_rollups")
    assert days_are_as_set() == []


@pytest.mark.django_db
def test_rows_from_before_there_were_days_are_told() -> None:
    row = calendar.kept()
    row.is_whole = False
    row.save()
    [told] = days_are_as_set()
    assert "rebuild_rollups" in str(told.hint)
    call_command("rebuild_rollups")
    assert days_are_as_set() == []


@pytest.mark.django_db
def test_the_checks_are_registered() -> None:
    registered = checks.registry.registry.get_checks(include_deployment_checks=False)
    assert rooms_are_rooms in registered
    assert database_can_shrink in registered
    assert days_are_as_set in registered
