"""From the wire to SQL while everything is cut and killed: nothing lost, nothing double, to the last seed."""

from pathlib import Path

import pytest

from tests.system import ordeal


@pytest.mark.with_database
def test_the_books_agree_after_everything_was_cut_and_killed_once(tmp_path: Path) -> None:
    report = ordeal.run(tmp_path, rate=300, rooms=6, seconds=15)
    assert set(report.kills.values()) == {1}
    assert report.ledger["danmaku"] > 1000
    assert report.ledger["gold"] > 0
    assert report.exit_code == 0, report.reconciled
    assert report.reconciled["equal"] is True
    assert report.reconciled["connections"]["sent"] > 1000
    assert not report.unstored
    assert report.unbalanced == []
    assert report.looks > 20
    rooms = report.accounting["results"]
    # What the books say was received is at least what SQL must have: balanced books may still be short.
    stored = sum(
        kinds[kind]["sql"]
        for kinds in report.reconciled["rooms"].values()
        for kind in kinds
        if kind != "gold"
    )
    assert sum(room["received"] for room in rooms) >= stored
