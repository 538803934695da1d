"""A recording replayed into the whole system: what is in SQL is what is in the file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.recordings.folder import RECORDINGS
from tests.recordings.independent import busy_room, inside
from tests.simulator_process import SimulatorProcess
from tests.system.whole import WholeSystem

ROOM = 7734200
FILE = RECORDINGS / "frames" / "busy_room_brotli_first15.bin"

#: text, uid, name, medal, its level, epoch ms
Line = tuple[str, int | None, str, str | None, int, int]


def in_the_file() -> list[Line]:
    """Read by hand, sharing no code with the product."""
    return sorted(
        (info[1], info[2][0] or None, info[2][1], *medal(info[3]), info[0][4])
        for frame in busy_room()
        for message in inside(frame)
        if message["cmd"].split(":")[0] == "DANMU_MSG"
        for info in [message["info"]]
    )


def medal(worn: list[Any]) -> tuple[str | None, int]:
    return (worn[1], worn[0]) if worn else (None, 0)


def in_sql(data_dir: Path) -> list[Line]:
    with databases.opened(data_dir) as database:
        rows = database.ask(
            "select message, uid, username, medal_name, medal_level, timestamp"
            " from live_data_danmakudata where room_id = ?",
            [ROOM],
        )
    return sorted((*row[:5], epoch_ms(row[5])) for row in rows)


def epoch_ms(stored: str | datetime) -> int:
    """SQLite has texts in UTC."""
    time = datetime.fromisoformat(stored).replace(tzinfo=UTC) if isinstance(stored, str) else stored
    return round(time.timestamp() * 1000)


@pytest.mark.with_database
def test_the_danmaku_in_sql_are_those_in_the_recording(tmp_path: Path) -> None:
    expected = in_the_file()
    assert len(expected) == 70
    options = ("--replay", str(FILE), "--room", str(ROOM))
    with SimulatorProcess(*options) as site, WholeSystem(tmp_path, site=site.url, rooms=[ROOM]) as system:
        system.until(lambda: len(in_sql(system.data_dir)) >= len(expected), 30)
        assert in_sql(system.data_dir) == expected
        result = system.manage("reconcile", "--simulator", site.url, "--json")
        assert result.returncode == 0, result.stdout
