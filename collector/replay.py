"""`python -m collector.replay`, which `manage.py replay_journal` starts: what it is told and says."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

import msgspec

from collector.replaying import Done, LogWasLost, NothingToReplay, Replay, Wanted
from event_store.connect import RedisFailure, async_client, place, trouble
from journal.errors import JournalError
from runtime import environment, logs
from runtime.environment import Environment
from runtime.errors import CannotStart

_ZONE = ZoneInfo("Asia/Shanghai")
_LARGEST_ROOM = 2**63 - 1
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as everything that goes wrong is told."""
        self.exit(1, f"{self.prog}: {message}\n")


def _moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
        moment = (read if read.tzinfo else read.replace(tzinfo=_ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"must be a time such as 2026-10-01, 2026-10-01T20:30 or 2026-10-01T20:30:00+08:00, not {text!r}"
        ) from None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise argparse.ArgumentTypeError(
            f"must be a time of the years {_FIRST_YEAR} to {_LAST_YEAR}, not {text!r}"
        )
    return moment


def _room(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:20]) <= _LARGEST_ROOM):
        raise argparse.ArgumentTypeError(f"must be the long id of a room, not {text!r}")
    return int(text)


def _wanted(arguments: list[str]) -> Wanted:
    """Exits with 1 when they cannot be meant."""
    parser = _Parser("replay_journal", description="Parses the journal again into the event log.")
    parser.add_argument("--room", type=_room, nargs="+", action="extend", default=[])
    parser.add_argument("--since", type=_moment)
    parser.add_argument("--until", type=_moment)
    given = parser.parse_args(arguments)
    if given.since and given.until and given.since >= given.until:
        parser.error("argument --until: must be later than --since")
    wanted = Wanted(frozenset(given.room))
    since = _ms(given.since) if given.since else wanted.since
    return Wanted(wanted.room_ids, since, _ms(given.until) if given.until else wanted.until)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


async def replay(settings: Environment, wanted: Wanted) -> Done:
    """Raises as Replay.run() does."""
    async with async_client(settings.find_redis()) as client:
        await client.ping()
        return await Replay(settings.journal_dir, client, wanted, _show_progress, _say_waiting).run()


def _show_progress(done: Done) -> None:
    if sys.stdout.isatty():
        share = 100 * done.read // max(1, done.size)
        sys.stdout.write(f"\r{share:3d} %: {done.records:,} records, {done.events:,} events ")
        sys.stdout.flush()


def _say_waiting(reason: str) -> None:
    _say(f"Waiting: {reason}. Does the scheduler run (`make run`, or `manage.py start_sync_scheduler`)?")


def _say(line: str) -> None:
    sys.stdout.write(f"{chr(13) if sys.stdout.isatty() else ''}{line}\n")
    sys.stdout.flush()


def _summary(done: Done) -> str:
    files = f"{done.files} files, {done.passed_over} outside of the time passed over"
    damaged = f", {done.damaged} damaged parts" if done.damaged else ", no damage"
    if not done.records:
        return f"No record matches ({files}{damaged})."
    return (
        f"Replayed {done.records:,} records, {done.events:,} events, received from {_shown(done.first)} to"
        f" {_shown(done.last)} ({files}{damaged}), in {done.entries:,} log entries. The sync replaces what an"
        " older parser made of them; events that it has already count as duplicate, and change nothing."
    )


def _shown(milliseconds: int) -> str:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, _ZONE).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):  # a record of a clock that was nowhere
        return f"{milliseconds} ms"


def main(arguments: list[str]) -> int:
    wanted = _wanted(arguments)
    try:
        settings = environment.from_process()
        logs.configure("replay", settings.logs_dir, settings.log_level)
        done = asyncio.run(replay(settings, wanted))
    except KeyboardInterrupt:
        _say("Stopped; what was replayed until now stays.")
        return 130
    except (CannotStart, NothingToReplay, LogWasLost, JournalError, msgspec.DecodeError) as error:
        return _failed(str(error))
    except RedisFailure as error:
        where = place(settings.find_redis())
        return _failed(f"{trouble(error)}, at {where}; replay again when it takes events")
    _say(_summary(done))
    return 0


def _failed(reason: str) -> int:
    sys.stderr.write(f"replay_journal: {' '.join(reason.split())}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
