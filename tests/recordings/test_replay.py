"""A recording replayed into the whole system: what is in SQL is what is in the file."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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


def in_sql(database: Path) -> list[Line]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute(
            "select message, uid, username, medal_name, medal_level, timestamp"
            " from live_data_danmakudata where room_id = ?",
            [ROOM],
        ).fetchall()
    return sorted((*row[:5], epoch_ms(row[5])) for row in rows)


def epoch_ms(stored: str) -> int:
    return round(datetime.fromisoformat(stored).replace(tzinfo=UTC).timestamp() * 1000)


def test_the_danmaku_in_sql_are_those_in_the_recording(tmp_path: Path) -> None:
    expected = in_the_file()
    assert len(expected) == 70
    options = ("--replay", str(FILE), "--room", str(ROOM))
    with SimulatorProcess(*options) as site, WholeSystem(tmp_path, site=site.url, rooms=[ROOM]) as system:
        system.until(lambda: len(in_sql(system.database)) >= len(expected), 30)
        assert in_sql(system.database) == expected
        result = system.manage("reconcile", "--simulator", site.url, "--json")
        assert result.returncode == 0, result.stdout
