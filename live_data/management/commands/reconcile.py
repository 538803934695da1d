"""`manage.py reconcile`: what a simulator sent beside what is in SQL."""

import json
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentTypeError
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import CommandError, CommandParser

from live_data import reconciling
from live_data.accounting import accounting
from live_data.management.commands._live import LiveCommand
from live_data.reconciling import Figures
from live_data.redis_access import RedisUnavailable, opened

_POLL = 0.25  # s
_TIMEOUT = 10  # s


def _simulator(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise ArgumentTypeError("must be a simulator on this machine, such as http://127.0.0.1:8900")
    return text.rstrip("/")


class Command(LiveCommand):
    """Waits until all that was sent is stored, or the time is over."""

    help = "Compares the database with the ledger of a simulator. Exit code 0 = equal, 1 = not."

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--simulator", type=_simulator, required=True, metavar="URL")
        parser.add_argument("--wait", type=float, default=30.0, help="seconds to wait at most (default 30)")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def work(self, options: dict[str, Any]) -> None:
        """Exits with 1 when they differ."""
        with opened():
            pass  # away at the start is told; later it may come and go while we wait
        deadline = time.monotonic() + options["wait"]
        while True:
            drained = _is_drained()
            rooms = reconciling.compared(_ledger(options["simulator"]))
            equal = reconciling.are_equal(rooms)
            if (drained and equal) or time.monotonic() > deadline:
                break
            time.sleep(_POLL)
        if options["json"]:
            self.say(json.dumps({"equal": equal, "rooms": rooms}))
        else:
            self._show(rooms, equal)
        if not equal:
            sys.exit(1)

    def _show(self, rooms: dict[str, dict[str, dict[str, int]]], equal: bool) -> None:
        for room_id, kinds in rooms.items():
            for kind, each in kinds.items():
                if each["ledger"] != each["sql"]:
                    self.say(f"Room {room_id}: {kind}: ledger {each['ledger']}, SQL {each['sql']}")
        total = sum(each["sql"] for kinds in rooms.values() for kind, each in kinds.items() if kind != "gold")
        self.say(f"{'Equal' if equal else 'Not equal'}: {total} events in {len(rooms)} rooms.")


def _ledger(url: str) -> Figures:
    """Raises CommandError."""
    try:
        with urllib.request.urlopen(f"{url}/simulator/ledger", timeout=_TIMEOUT) as answer:  # noqa: S310 - http only, see _simulator
            rooms = json.load(answer)["rooms"]
    except (urllib.error.URLError, OSError, ValueError, LookupError) as error:
        raise CommandError(f"The simulator at {url} does not answer: {error}") from error
    return {int(room_id): figures for room_id, figures in rooms.items()}


def _is_drained() -> bool:
    """Whether nothing is on its way from the log to SQL."""
    try:
        with opened() as client:
            answer = accounting(client)
    except RedisUnavailable:
        return False
    return "log" not in answer and not any(room["in_flight"] for room in answer["results"])
