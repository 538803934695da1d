"""docs/journal.md: its program reads a journal, and its table has every kind of record."""

import re
import subprocess
import sys
from pathlib import Path

from bilibili_live.rooms import RoomSnapshot
from collector.records import ClockNote, CoverageNote, Kind
from journal.segments import segments
from journal.writer import JournalWriter
from tests.journal.test_journal import record

DOCUMENT = Path(__file__).parents[2] / "docs" / "journal.md"


def program() -> str:
    found = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_the_program_of_the_document_reads_what_was_written_and_tells_damage(tmp_path: Path) -> None:
    with JournalWriter(tmp_path, segment_bytes=100) as journal:
        for number in range(6):
            journal.append(record(number, b"p" * 60))
    last = segments(tmp_path)[-1]
    last.path.write_bytes(last.path.read_bytes()[:-1])
    ended = subprocess.run(
        [sys.executable, "-c", program(), str(tmp_path)], capture_output=True, encoding="utf-8", check=True
    )
    lines = [line.split() for line in ended.stdout.splitlines()]
    expected = [record(number, b"p" * 60) for number in range(5)]
    assert lines == [
        [str(each.kind), str(each.received_at), str(each.room_id), str(each.connection), each.payload.hex()]
        for each in expected
    ]
    assert ended.stderr.startswith(f"{last.path.name}: damaged at byte ")


def test_the_document_has_every_kind_of_record_and_what_is_in_it() -> None:
    text = DOCUMENT.read_text(encoding="utf-8").partition("| kind | payload |")[2].partition("\n\n")[0]
    kinds = {int(kind): payload for kind, payload in re.findall(r"^\| (\d+) \| (.+) \|$", text, re.MULTILINE)}
    assert kinds.keys() == {*Kind}
    forms = {Kind.COVERAGE: CoverageNote, Kind.ROOM_INFO: RoomSnapshot, Kind.CLOCK: ClockNote}
    for kind, form in forms.items():
        assert {*re.findall(r"`(\w+)`", kinds[kind])} == {*form.__struct_fields__}
