"""`copy_database`: a history moves from SQLite to a real PostgreSQL, and is the same there."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from bilibili_live.events import PARSER_VERSION
from live_data.models import (
    DanmakuData,
    GiftData,
    PersonName,
    RollupCalendar,
    SearchFilling,
    SummedDays,
    UnsettledRoom,
)
from live_data.search import filling
from live_data.storing import closed_days
from live_data.storing.events import Arrival, store
from runtime.data_folder import locked
from runtime.setting_values import ROOT
from tests.databases import make_migrated
from tests.live_data.admin_rows import TABLES, fill
from tests.made import danmaku, gift, guard, room_info, room_state, super_chat
from tests.postgres_process import PostgresProcess, postgres_process
from tests.runtime.running import started, wait_until

pytestmark = [pytest.mark.only_on("sqlite"), pytest.mark.django_db(transaction=True)]

#: In the copy: a search, before and after the scheduler's work; then the rows of that day go.
SEARCH = """
import datetime, json
from live_data import retention
from live_data.models import DanmakuData
from live_data.search import filling, index, language, name_index, names, needs, searching

def found():
    query = language.parse("第1条")
    return [hit.message for hit in searching.search(query, datetime.UTC, session_of=lambda _: None).hits]

def known():
    return len(index.candidates(needs.Needs(("第1",)), 2**63 - 1, 0, 10))

def called():
    return [hit.username for hit in names.search(language.parse("观众")).hits]

said = {"while it is empty": found(), "called": called(), "names indexed": name_index.filled_to()}
while filling.fill() is not None:
    pass
said |= {"by the index": known(), "filled": found(), "called still": called()}
said |= {"names by the index": len(name_index.candidates(needs.Needs(("观众",)), 2**63 - 1, 10))}
said |= {"deleted": list(retention.delete(DanmakuData.objects.all()))}
print(json.dumps(said | {"afterwards": found(), "left in the index": known()}))
"""

ROWS = 7
DANMAKU = 5_000  # more than one piece


@pytest.fixture
def server() -> Iterator[PostgresProcess]:
    with postgres_process() as process:
        process.create("monitor")
        yield process


def source() -> str:
    return f"sqlite:///{connection.settings_dict['NAME']}"


def command(target: str, origin: str = "") -> list[str]:
    return ["manage.py", "copy_database", "--from", origin or source(), "--to", target]


def copy(data_dir: Path, target: str, origin: str = "", **environ: str) -> tuple[int, str]:
    """The exit code, and all that was said."""
    return run(data_dir, *command(target, origin), **environ)


def run(data_dir: Path, *arguments: str, **environ: str) -> tuple[int, str]:
    """The same of another command."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data_dir), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def sync() -> None:
    """The source is one that a sync has filled, and whose search index is not whole."""
    events: list[Any] = [
        danmaku(1),
        gift(2),
        guard("toast"),
        super_chat(3),
        room_info(4),
        room_state(5, "LIVE"),
    ]
    with transaction.atomic():
        store([Arrival(event, PARSER_VERSION) for event in events], datetime.now(UTC))
    filling.begin()
    closed_days.sum_all(datetime.now(UTC))
    said = (RollupCalendar, SearchFilling, SummedDays, UnsettledRoom)
    assert all(table.objects.exists() for table in said)


def dump(path: Any = None) -> dict[str, list[tuple[object, ...]]]:
    """All that the source, or a file, holds, but for the indexes themselves, whose own tables are there."""
    with closing(sqlite3.connect(path or connection.settings_dict["NAME"])) as file:
        names = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: file.execute(f"SELECT * FROM {name}").fetchall()
            for (name,) in names
            if name not in ("live_data_searchindex", "live_data_nameindex")
        }


def copied(server: PostgresProcess, question: str) -> int:
    """A number of the target; 0 while it has no tables."""
    with server.connected("monitor") as target:
        try:
            return int(str(target.execute(question).fetchall()[0][0]))
        except psycopg.errors.UndefinedTable:
            return 0


def test_it_goes_on_where_it_was_killed_and_says_what_differs(
    tmp_path: Path, server: PostgresProcess
) -> None:
    for table in TABLES:
        fill(table, DANMAKU if table is DanmakuData else ROWS)
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    environ = {"DATA_DIR": str(tmp_path), "DATABASE_URL": server.url("monitor")}
    subprocess.run(migrate, cwd=ROOT, env={**os.environ, **environ}, check=True)
    danmaku = "SELECT count(*) FROM live_data_danmakudata"
    with started(command(server.url("monitor")), {"DATA_DIR": str(tmp_path)}):
        wait_until(lambda: copied(server, danmaku) > 0, "some is copied")  # and then it is killed
    there = copied(server, danmaku)
    # Meanwhile a row of the source changed, and the target has one of its own.
    first = min(GiftData.objects.values_list("pk", flat=True))
    GiftData.objects.filter(pk=first).update(gift_name="other")
    with server.connected("monitor") as target:
        target.execute("INSERT INTO live_data_erasedperson (id, uid) VALUES (987654321, 987654321)")
    code, said = copy(tmp_path, server.url("monitor"))
    assert code == 1
    assert "live_data_erasedperson differs: 0 rows are missing, 0 are not the same, and 1 are in" in said
    expected = rf"live_data_danmakudata: {DANMAKU} read, (\d+) written, 0 corrected, (\d+) already there"
    [(written, found)] = re.findall(expected, said)
    assert (int(written), int(found)) == (DANMAKU - there, there)
    assert said.count(f": {ROWS} read") >= len(TABLES) - 3  # rooms, danmaku; the filling stays

    with server.connected("monitor") as target:
        target.execute("DELETE FROM live_data_erasedperson WHERE uid = 987654321")
        target.execute("UPDATE live_data_giftdata SET gift_name = 'old' WHERE id = %s", [first])
    code, said = copy(tmp_path, server.url("monitor"))
    assert (code, said.splitlines()[-1]) == (0, "Both are the same.")
    assert f"live_data_giftdata: {ROWS} read, 0 written, 1 corrected, {ROWS - 1} already there" in said
    assert copied(server, "SELECT count(*) FROM live_data_giftdata WHERE gift_name = 'other'") == 1
    assert copied(server, "SELECT nextval('live_data_giftdata_id_seq')") > max(
        GiftData.objects.values_list("pk", flat=True)
    )

    # From now on it is in use, and its rows are its own.
    GiftData.objects.filter(pk=first).update(gift_name="later")
    code, said = copy(tmp_path, server.url("monitor"))
    assert (code, "became a complete copy at" in said) == (1, True)
    assert copied(server, "SELECT count(*) FROM live_data_giftdata WHERE gift_name = 'other'") == 1


def test_a_word_is_found_in_the_copy_before_and_after_its_index_is_filled(tmp_path: Path) -> None:
    sync()
    while filling.fill():  # of the source: the copy has an index of its own
        pass
    target = f"sqlite:///{tmp_path / 'target.sqlite3'}"
    assert copy(tmp_path, target)[0] == 0
    script = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", SEARCH]
    environ = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": target}
    done = subprocess.run(script, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, check=True)
    assert json.loads(done.stdout) == {
        "while it is empty": ["第1条"],
        "called": ["观众2", "观众1"],
        "names indexed": 0,
        "by the index": 1,
        "filled": ["第1条"],
        "called still": ["观众2", "观众1"],
        "names by the index": 2,
        "deleted": [1],
        "afterwards": [],
        "left in the index": 0,
    }


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_own_database_goes_into_one_without_tables_and_stays_as_it_is(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    sync()
    before = dump()
    target = f"sqlite:///{tmp_path / 'target.sqlite3'}"
    if engine == "postgresql":
        target = request.getfixturevalue("server").url("monitor")
    code, said = copy(tmp_path, target, DATABASE_URL=source())
    assert (code, said.splitlines()[-1]) == (0, "Both are the same.")
    assert dump() == before


def test_a_row_that_the_other_engine_cannot_hold_is_named(tmp_path: Path, server: PostgresProcess) -> None:
    """An index of PostgreSQL takes no such name; to try again would change nothing."""
    long = danmaku(2, username="".join(map(chr, range(0x4E00, 0x4E00 + 9_000))))
    with transaction.atomic():
        store([Arrival(each, PARSER_VERSION) for each in (danmaku(1), long)], datetime.now(UTC))
    row = PersonName.objects.get(username=long.username).pk
    code, said = copy(tmp_path, server.url("monitor"))
    last = said.splitlines()[-1]
    assert (code, f"Row {row} of live_data_personname fits not into --to: index row" in last) == (1, True), (
        said
    )
    assert "Run it again" not in said


def changed(folder: Path, *statements: str) -> Path:
    """A database with tables, in which these were executed."""
    make_migrated(folder)
    path = folder / "live.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        for statement in statements:
            file.execute(statement)
        file.commit()
    return path


NOTE = "INSERT INTO live_data_databasecopy VALUES (1, '2026-01-01T00:00:00+00:00', '2026-01-01', {})"
UNFINISHED = NOTE.format("NULL")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("INSERT INTO live_data_erasedperson (uid) VALUES (1)", "rows of its own, in live_data_erasedperson"),
        (UNFINISHED, "an unfinished copy of another one"),
        (NOTE.format("'2026-01-02'"), "became a complete copy at 2026-01-02 00:00:00 UTC"),
    ],
)
def test_a_target_in_use_is_refused_and_stays_as_it_is(tmp_path: Path, statement: str, said: str) -> None:
    sync()
    path = changed(tmp_path, statement)
    before = dump(path)
    code, told = copy(tmp_path / "elsewhere", f"sqlite:///{path}")
    assert (code, said in told) == (1, True), told
    assert dump(path) == before


def test_a_target_of_another_version_in_use_is_not_even_migrated(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        "DROP TABLE live_data_databasecopy",
        "DELETE FROM django_migrations WHERE name = '0016_copy'",
        "INSERT INTO live_data_erasedperson (uid) VALUES (1)",
    )
    before = dump(path)
    code, told = copy(tmp_path / "elsewhere", f"sqlite:///{path}")
    assert (code, "rows of its own" in told, dump(path) == before) == (1, True, True), told


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (UNFINISHED, "--from is an unfinished copy itself"),
        (
            "DELETE FROM django_migrations WHERE id ="
            " (SELECT id FROM django_migrations WHERE app = 'live_data' ORDER BY name DESC LIMIT 1)",
            "is not one of this version",
        ),
    ],
)
def test_a_source_that_is_not_whole_is_refused(tmp_path: Path, statement: str, said: str) -> None:
    path = changed(tmp_path, statement)
    target = tmp_path / "target.sqlite3"
    code, told = copy(tmp_path, f"sqlite:///{target}", f"sqlite:///{path}")
    assert (code, said in told) == (1, True), told


def test_a_source_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.sqlite3"
    code, told = copy(tmp_path, f"sqlite:///{tmp_path / 'target.sqlite3'}", f"sqlite:///{path}")
    assert (code, "where no database is" in told, path.exists()) == (1, True, False)


def test_nothing_is_started_on_an_unfinished_copy(tmp_path: Path) -> None:
    changed(tmp_path, UNFINISHED)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code, told = run(tmp_path, "manage.py", "up", PORT=str(port))
    assert (code, "is an unfinished copy; run manage.py copy_database again" in told) == (1, True), told


def test_no_command_writes_into_an_unfinished_copy(tmp_path: Path) -> None:
    changed(tmp_path, UNFINISHED)
    for name in ("rebuild_rollups", "rebuild_sessions", "start_sync_scheduler", "cleanup_old_data"):
        code, told = run(tmp_path, "manage.py", name)
        assert (code, "is an unfinished copy: run manage.py copy_database again" in told) == (1, True), told


@pytest.mark.parametrize("is_named", [True, False])
def test_a_database_in_use_is_not_copied(tmp_path: Path, is_named: bool) -> None:
    path = changed(tmp_path / "used" if not is_named else tmp_path)
    origin = f"sqlite:///{path}"
    settings = {"DATABASE_URL": origin} if is_named else {}
    target = tmp_path / "target.sqlite3"
    with locked(path.parent / "up.lock"):
        code, told = copy(tmp_path, f"sqlite:///{target}", origin, **settings)
    assert (code, f"is in use by process {os.getpid()};" in told) == (1, True), told
    assert not target.exists() or not target.stat().st_size


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://me:secret@db/live", "is no address of a database"),
        ("postgres://me:secret@127.0.0.1:1/live", "cannot be used"),
    ],
)
def test_a_target_that_cannot_be_used_is_told_without_its_password(
    tmp_path: Path, url: str, said: str
) -> None:
    code, told = copy(tmp_path, url)
    assert (code, said in told, "secret" in told) == (1, True, False)


def test_addresses_may_stand_in_variables_which_no_list_of_processes_shows(tmp_path: Path) -> None:
    path, target = changed(tmp_path), tmp_path / "target.sqlite3"
    shutil.copyfile(path, target)
    variables = {"OLD_ONE": f"sqlite:///{path}", "NEW_ONE": f"sqlite:///{target}"}
    code, told = copy(tmp_path, "env:NEW_ONE", "env:OLD_ONE", **variables)
    assert (code, told.splitlines()[-1]) == (0, "Both are the same.")
    assert dump(target)["live_data_databasecopy"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("env:NOT_THERE", "--to=env:NOT_THERE: there is no such environment variable, or it is empty."),
        ("env:postgres://me:secret@db/live", "--to: behind env: stands the name of an environment variable."),
    ],
)
def test_a_variable_that_has_no_address_is_told(tmp_path: Path, text: str, said: str) -> None:
    code, told = copy(tmp_path, text)
    assert (code, said in told, "secret" in told) == (1, True, False)


def test_a_database_is_not_copied_onto_itself(tmp_path: Path) -> None:
    code, told = copy(tmp_path, source())
    assert (code, "the same database" in told) == (1, True)
