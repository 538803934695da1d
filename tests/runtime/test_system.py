"""Which processes make up the system."""

from pathlib import Path

from runtime import environment, system


def children(tmp_path: Path, **given: str) -> dict[str, tuple[str, ...]]:
    settings = environment.load(
        {"DATA_DIR": str(tmp_path), "REDIS_URL": "redis://localhost:1", **given}, None
    )
    with system.planned(settings, simulated=False) as planned:
        return {child.name: tuple(child.command) for child in planned.children}


def test_each_further_sync_has_a_process_of_its_own(tmp_path: Path) -> None:
    assert list(children(tmp_path)) == ["watch", "scheduler", "collector", "web"]
    more = children(tmp_path, DATABASE_URL="postgres://user@localhost/live", SYNC_PARTITIONS="3")
    assert list(more) == ["watch", "scheduler", "sync-1", "sync-2", "collector", "web"]
    assert more["sync-2"][-2:] == ("--partition", "2")
    assert "--partition" not in more["scheduler"]
