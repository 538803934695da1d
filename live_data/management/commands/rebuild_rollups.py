"""`manage.py rebuild_rollups`: counts by minute, day, person and gift, and names, anew from the rows."""

import sys
from argparse import ArgumentTypeError
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from live_data.management.commands._live import LiveCommand
from live_data.models import LiveRoom
from live_data.rebuilding import Differences, OtherDays, Part, rebuild
from live_data.storing import calendar

_FIRST_YEAR, _LAST_YEAR = 1970, 9998


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no time; use 2026-05-01 or 2026-05-01T18:00+08:00") from None
    if not _FIRST_YEAR <= time.year <= _LAST_YEAR:
        raise ArgumentTypeError(f"{text!r} must be in a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return time if time.tzinfo else time.replace(tzinfo=UTC)


class Command(LiveCommand):
    """Exits with 1 when anything differed that should not have."""

    help = (
        "Computes the counts by minute, by day, by person and by gift, and the names of people, anew from the"
        " stored events, puts right what differs, and says how much that was. Carries out a change of"
        " STATS_TIMEZONE or DAY_START. Everything may run on meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--room", type=int, help="only this room")
        parser.add_argument("--since", type=_time, help="only days from this time on (UTC if it has no zone)")
        parser.add_argument("--until", type=_time, help="only days that begin before this time")

    def work(self, options: dict[str, Any]) -> str:
        """Returns the summary. Raises CommandError."""
        part = _part(options)
        row = calendar.kept()
        was_due = not (row.is_whole and calendar.is_as_set(row))
        found = Differences()
        try:
            for what, differences in rebuild(part):
                found.add(differences)
                if differences.total:
                    self.say(f"{what}: {differences.total} differed")
        except OtherDays as other:
            raise CommandError(
                f"The days are those of {other}, the settings ask for {calendar.as_set()}: that is changed"
                " without --room, --since and --until."
            ) from other
        if not found.total:
            return "Everything was right: nothing was changed."
        line = (
            f"Put right: {found.minutes} counts of minutes, {found.days} of days, {found.people} of people,"
            f" {found.gifts} of gifts, {found.rooms} rooms of people, {found.names} names."
        )
        if was_due:
            return line
        self.say(line)
        sys.exit(1)


def _part(options: dict[str, Any]) -> Part:
    part = Part(options["room"], options["since"], options["until"])
    if part.room_id is not None and not LiveRoom.objects.filter(room_id=part.room_id).exists():
        raise CommandError(f"--room {part.room_id}: there is no such room.")
    if part.since and part.until and part.since >= part.until:
        raise CommandError("--since must be before --until.")
    return part
