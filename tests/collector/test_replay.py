"""The replay as a process and its pace; what becomes of it in SQL is tested with the app."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from collector import records, replaying
from collector.ending import ended
from collector.records import CoverageNote
from collector.replaying import Done, LogWasLost, Replay, Wanted
from event_store import bounds, reader, sync_lives
from event_store.connect import Redis, async_client, client
from event_store.sync_lives import SyncLife
from journal.record import MAGIC
from journal.segments import segments
from journal.writer import JournalWriter
from tests import databases
from tests.made import AT, ROOM
from tests.valkey_process import until

ROOT = Path(__file__).parents[2]
DAY = 86_400_000  # ms


def write_journal(folder: Path, numbers: range = range(10)) -> None:
    """One record a day."""
    with JournalWriter(folder, segment_bytes=100) as journal:
        for number in numbers:
            note = CoverageNote("blind", f"cause {number}", "x" * 60)
            journal.append(records.coverage(ROOM, AT + number * DAY, note, AT + number * DAY))


def replay(
    data_dir: Path, redis_url: str, *arguments: str, program: tuple[str, ...] = ("-m", "collector.replay")
) -> "subprocess.CompletedProcess[str]":
    environ = os.environ | databases.settings(data_dir) | {"REDIS_URL": redis_url}
    command = [sys.executable, *program, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, encoding="utf-8", check=False)


def test_it_says_what_it_did_beside_a_collector_that_holds_the_journal(
    tmp_path: Path, redis_url: str
) -> None:
    write_journal(tmp_path / "journal")
    _, second, *_ = segments(tmp_path / "journal")
    data = bytearray(second.path.read_bytes())
    data[len(MAGIC) + 12] ^= 1
    second.path.write_bytes(data)
    with JournalWriter(tmp_path / "journal"):
        ended = replay(tmp_path, redis_url)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("Replayed 9 records, 9 events, received from 2026-09-21T")
    assert "1 damaged parts" in ended.stdout
    assert "+08:00" in ended.stdout
    with client(redis_url) as redis:
        assert reader.log_state(redis).length == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "yesterday"), "argument --since: must be a time such as 2026-10-01"),
        (("--until", "2026-13-01"), "argument --until: must be a time such as"),
        (("--until", "1899-12-31"), "argument --until: must be a time of the years 1900 to 9000"),
        (("--until", "9999-12-31"), "argument --until: must be a time of the years 1900 to 9000"),
        (("--until", "1970-01-01"), "there is no journal in "),
        (("--since", "2026-10-02", "--until", "2026-10-01T23:59"), "must be later than --since"),
        (("--room", "-1"), "argument --room: "),
        (("--room", "x"), "argument --room: must be the long id of a room, not 'x'"),
        ((), "there is no journal in "),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    tmp_path: Path, redis_url: str, arguments: tuple[str, ...], said: str
) -> None:
    ended = replay(tmp_path, redis_url, *arguments)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_redis_that_is_away_is_told_in_one_line(tmp_path: Path) -> None:
    write_journal(tmp_path / "journal")
    ended = replay(tmp_path, "redis://somebody:s3cr3t@127.0.0.1:1/0")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("replay_journal: Redis is away: ")
    assert ", at redis://127.0.0.1:1/0; replay again" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "s3cr3t" not in ended.stderr


def test_the_command_passes_options_output_and_exit_code_on(tmp_path: Path, redis_url: str) -> None:
    write_journal(tmp_path / "journal")
    migrated = replay(tmp_path, redis_url, "migrate", "--skip-checks", "-v0", program=("manage.py",))
    assert migrated.returncode == 0, migrated.stderr
    ended = replay(
        tmp_path,
        redis_url,
        *("replay_journal", "--room", str(ROOM), "4711", "--since=2026-09-23", "--until=2026-09-25"),
        program=("manage.py",),
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("Replayed 2 records")
    ended = replay(tmp_path, redis_url, "replay_journal", "--since=-1", program=("manage.py",))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("replay_journal: argument --since")


def test_files_wholly_outside_of_the_time_are_not_read(tmp_path: Path) -> None:
    write_journal(tmp_path)
    found = segments(tmp_path)
    for number, segment in enumerate(found):
        os.utime(segment.path, (AT // 1000 + number * DAY // 1000, AT // 1000 + number * DAY // 1000))
    since, until = AT + 3 * DAY, AT + 5 * DAY
    chosen = [segment for segment in found if Wanted(since=since, until=until).may_be_in(segment)]
    assert chosen == found[2:6]  # and a day on both sides: clocks may have been set


class Paced:
    """A replay of one event an entry, and the sync played by the test."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        self.waited: list[str] = []
        self._folder = folder

    async def run(self) -> Done:
        async with async_client(self.url) as redis:
            return await Replay(self._folder, redis, Wanted(), lambda _: None, self.waited.append).run()


@pytest.fixture
def paced(tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Paced:
    monkeypatch.setattr(replaying, "BATCH_EVENTS", 1)
    monkeypatch.setattr(replaying, "MOST_IN_FLIGHT", 3)
    monkeypatch.setattr(replaying, "_TELL_AFTER", 0.01)
    monkeypatch.setattr(replaying, "_POLL", 0.02)
    write_journal(tmp_path)
    return Paced(tmp_path, redis_url)


def synced(redis: Redis) -> None:
    """All that is in the log is in SQL now."""
    state = reader.log_state(redis)
    sync_lives.show(redis, SyncLife(AT, 0, cursor=f"{state.incarnation}.{state.last_id}"))


async def test_the_log_grows_no_further_than_the_sync_follows(paced: Paced) -> None:
    with client(paced.url) as redis:
        sync_lives.show(redis, SyncLife(AT, 0))  # a sync that says nothing of its place
        task = asyncio.create_task(paced.run())
        await until(lambda: paced.waited)
        for expected in (3, 6, 9):
            await until(lambda: reader.log_state(redis).length == expected)  # noqa: B023 - called at once
            assert not task.done()
            synced(redis)
        done = await task
        assert (done.entries, reader.log_state(redis).length) == (10, 10)
    assert paced.waited[0] == "3 log entries are not in the database yet"


async def test_a_log_that_was_lost_meanwhile_is_told(paced: Paced) -> None:
    with client(paced.url) as redis:
        task = asyncio.create_task(paced.run())
        await until(lambda: paced.waited)
        state = reader.log_state(redis)
        redis.flushall()
        sync_lives.show(redis, SyncLife(AT, 0, cursor=f"{state.incarnation}.{state.last_id}"))
        with pytest.raises(LogWasLost, match="replay once more"):
            await task


async def test_a_log_that_is_emptied_while_entries_are_on_their_way_ends_the_wait(paced: Paced) -> None:
    with client(paced.url) as redis:
        task = asyncio.create_task(paced.run())
        await until(lambda: paced.waited)
        redis.flushall()
        with pytest.raises(LogWasLost, match="replay once more"):
            await task


async def test_a_log_that_is_as_long_as_it_may_be_is_waited_for_and_told(
    paced: Paced, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "_MOST", 4 << 20)
    with client(paced.url) as redis:
        foreign = redis.xadd("log:0", {"h": b"x", "e": bytes(5 << 20)})
        task = asyncio.create_task(paced.run())
        await until(lambda: paced.waited)
        assert paced.waited == ["5 MiB of events in Redis are not in the database yet"]
        assert redis.xdel("log:0", foreign) == 1
        await until(lambda: reader.log_state(redis).length == 3)
        await ended([task])


def test_what_redis_refuses_is_told_without_what_was_to_be_written(tmp_path: Path, redis_url: str) -> None:
    with JournalWriter(tmp_path / "journal") as journal:
        note = CoverageNote("blind", "a cause", "words of a room")
        journal.append(records.coverage(ROOM, AT, note, AT))
    with client(redis_url) as redis:
        redis.set("log:0", "of another type")
    ended = replay(tmp_path, redis_url)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("replay_journal: Redis refuses (WRONGTYPE")
    assert "words of a room" not in ended.stderr
    assert ended.stderr.count("\n") == 1
