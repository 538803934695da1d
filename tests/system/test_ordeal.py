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
    rooms = report.accounting["results"]
    assert all(room["in_flight"] == 0 for room in rooms)
    # What the books say was received is at least what was sent: balanced books may still be short.
    sent = sum(report.ledger[kind] for kind in ("danmaku", "gift", "super_chat", "guard"))
    assert sum(room["received"] for room in rooms) >= sent
