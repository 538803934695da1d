"""`manage.py reconcile`: what a simulator sent beside what is in SQL."""

import json
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentTypeError
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import CommandError, CommandParser

from live_data.management.commands._live import LiveCommand
from live_data.reconciling import connections, drained, figures
from live_data.reconciling.connections import Findings
from live_data.redis_access import opened

_POLL = 0.25  # s
_POLL_CONNECTIONS = 2.0  # s; a ledger of connections is long
_TIMEOUT = 60  # s


def _simulator(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise ArgumentTypeError("must be a simulator on this machine, such as http://127.0.0.1:8900")
    return text.rstrip("/")


@dataclass(slots=True)
class Comparison:
    """One look; ``findings`` only when connections were asked for."""

    rooms: figures.Comparison = field(default_factory=dict)
    findings: Findings | None = None

    @property
    def is_equal(self) -> bool:
        return figures.are_equal(self.rooms) and (self.findings is None or self.findings.is_well)

    @property
    def in_words(self) -> str:
        """What both have when they are equal, else what they differ by."""
        rooms, stored = len(self.rooms), figures.events_stored(self.rooms)
        if self.is_equal:
            return f"Equal: {stored} events in {rooms} rooms."
        apart, said = figures.difference(self.rooms), []
        if apart.rooms:
            said.append(
                f"{apart.events} events and {apart.gold} gold apart in {apart.rooms} of {rooms} rooms"
            )
        if self.findings is not None and not self.findings.is_well:
            said.append(f"{self.findings.unexplained} reports missing that may not be")
        return f"Not equal: {', '.join(said)}; {stored} events are stored."

    def as_json(self) -> dict[str, object]:
        told: dict[str, object] = {"equal": self.is_equal, "rooms": self.rooms}
        return told if self.findings is None else {**told, "connections": self.findings.as_json()}


class Command(LiveCommand):
    """Waits until all that was sent is stored, or the time is over."""

    help = (
        "Compares the database with the ledger of a simulator, which must play no more (fault stop)."
        " Exit code 0 = equal, 1 = not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--simulator", type=_simulator, required=True, metavar="URL")
        parser.add_argument("--wait", type=float, default=30.0, help="seconds to wait at most (default 30)")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument(
            "--connections",
            action="store_true",
            help="allow each connection to have lost the end of what was sent before its cut, "
            "if that time is told as blind; the rest must be equal",
        )

    def work(self, options: dict[str, Any]) -> None:
        """Exits with 1 when they differ."""
        with opened():
            pass  # away at the start is told; later it may come and go while we wait
        found = self._waited(options)
        if options["json"]:
            self.say(json.dumps(found.as_json()))
        else:
            self._show(found)
        if not found.is_equal:
            sys.exit(1)

    def _waited(self, options: dict[str, Any]) -> Comparison:
        deadline = time.monotonic() + options["wait"]
        wants_connections = bool(options["connections"])
        waiting = drained.Waiting()
        while True:
            is_drained = waiting.is_over()
            is_last = time.monotonic() > deadline
            if is_drained or is_last or not wants_connections:
                found = _compared(options["simulator"], wants_connections)
                if is_last or (is_drained and found.is_equal):
                    return found
            time.sleep(_POLL_CONNECTIONS if wants_connections and is_drained else _POLL)

    def _show(self, found: Comparison) -> None:
        for room_id, kinds in found.rooms.items():
            for kind, each in kinds.items():
                if each["ledger"] != each["sql"]:
                    self.say(f"Room {room_id}: {kind}: ledger {each['ledger']}, SQL {each['sql']}")
        if found.findings is not None:
            self._show_connections(found.findings)
        self.say(found.in_words)

    def _show_connections(self, findings: Findings) -> None:
        for line in findings.not_a_suffix:
            self.say(f"Missing before others that are stored: {line}")
        for line in findings.not_blind:
            self.say(f"Missing while the room was not told as blind: {line}")
        self.say(
            f"{findings.connections} connections: {findings.sent} reports sent,"
            f" {findings.missing} of them missing."
        )


def _compared(url: str, wants_connections: bool) -> Comparison:
    """Raises CommandError."""
    ledger = _ledger(f"{url}/simulator/ledger{'?connections=1' if wants_connections else ''}")
    if not wants_connections:
        rooms = {int(room_id): room for room_id, room in ledger["rooms"].items()}
        return Comparison(figures.compared(rooms))
    try:
        findings = connections.compared(connections.read(ledger), connections.told(ledger))
    except ValueError as error:
        raise CommandError(f"The connections cannot be compared: {error}") from error
    return Comparison(figures.compared(findings.expected), findings)


def _ledger(url: str) -> dict[str, Any]:
    """Raises CommandError."""
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:  # noqa: S310 - http only, see _simulator
            ledger = json.load(answer)
            return {
                "rooms": ledger["rooms"],
                "connections": ledger.get("connections", []),
                "told": ledger.get("told", []),
            }
    except (urllib.error.URLError, OSError, ValueError, LookupError, TypeError) as error:
        raise CommandError(f"The simulator does not answer at {url}: {error}") from error
