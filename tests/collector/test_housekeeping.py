"""What a collector says of itself while it cannot begin."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from collector.housekeeping import Housekeeping
from journal.errors import JournalError


async def test_a_refusal_of_the_disk_is_logged_once_however_often_it_is_tried(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def nobody(*_: object) -> dict[str, Any]:
        return {}

    async def position(*_: object) -> SimpleNamespace:
        return SimpleNamespace(position=5)

    async def nothing(*_: object) -> None:
        return None

    def refuse(_: object) -> None:
        raise JournalError("no space left")

    monkeypatch.setattr("event_store.rooms.other_collectors", nobody)
    monkeypatch.setattr("event_store.rooms.committed_position", position)
    monkeypatch.setattr("event_store.rooms.desired", nothing)
    publisher: Any = SimpleNamespace(knows_its_place=False, heed=refuse, lost_to=0)
    journal: Any = SimpleNamespace(name="x")
    unused: Any = None
    keeper = Housekeeping(
        client=unused,
        journal=journal,
        publisher=publisher,
        book=unused,
        watched=unused,
        site=unused,
        keeping=unused,
    )
    with caplog.at_level(logging.ERROR):
        for _ in range(20):
            await keeper._listen()
    assert caplog.text.count("nothing can be journaled, and no room is watched: no space left") == 1
