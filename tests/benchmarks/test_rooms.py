"""The benchmark of many rooms with a few: that it measures at all, not what."""

import pytest

from benchmarks import rooms


def test_it_hands_back_every_figure_that_it_explains(monkeypatch: pytest.MonkeyPatch) -> None:
    small = {"ROOMS": 4, "LOUD": 60, "_SETTLE": 0.0, "_LISTEN": 1.5}
    for name, value in small.items():
        monkeypatch.setattr(rooms, name, value)
    figures = rooms.run()
    assert figures.keys() == rooms.WORDS.keys()
    assert figures["rooms"] == 4
    assert figures["reconnect_limit_s"] == 10.04
