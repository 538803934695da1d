"""What Django's settings must achieve, on a real SQLite file."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection, transaction

from bilibili_monitor.checks import VENDORED, front_end_is_installed


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db
def test_sqlite_is_a_file_in_wal_mode_whose_free_pages_can_be_given_back() -> None:
    with connection.cursor() as cursor:
        found = {}
        for name in ("auto_vacuum", "journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
    assert found == {
        "auto_vacuum": 2,
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "wal_autocheckpoint": 64_000,
    }


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db(transaction=True)
def test_a_transaction_takes_the_write_lock_at_once() -> None:
    # A deferred one that reads first would fail with "database is locked" when it writes after another.
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)
    with (
        contextlib.closing(other),
        transaction.atomic(),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


def test_missing_front_end_files_are_told_with_the_command_that_fetches_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    (warning,) = front_end_is_installed()
    assert warning.id == "bilibili_monitor.W001"
    assert "go.py install" in str(warning.hint)
    assert all(name in warning.msg for name in VENDORED)


def test_a_complete_front_end_is_no_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    for name in VENDORED:
        path = tmp_path / "static" / "vendor" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert front_end_is_installed() == []


@pytest.mark.django_db
def test_no_other_check_has_anything_to_say() -> None:
    assert [message for message in run_checks() if message.id != "bilibili_monitor.W001"] == []
