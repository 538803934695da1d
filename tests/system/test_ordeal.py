"""From the wire to SQL while everything is cut and killed: nothing lost, nothing double, to the last seed."""

from pathlib import Path

from tests.system import ordeal


def test_the_ledger_agrees_after_everything_was_cut_and_killed_once(tmp_path: Path) -> None:
    report = ordeal.run(tmp_path, rate=300, rooms=6, seconds=15)
    assert report.ledger["danmaku"] > 1000
    assert report.ledger["gold"] > 0
    assert report.exit_code == 0, report.reconciled
    assert report.reconciled["equal"] is True
    assert report.unbalanced == []
    assert report.looks > 20
    assert all(room["in_flight"] == 0 for room in report.accounting["results"])
