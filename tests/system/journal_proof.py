"""What stands in a collector's journal beside what is in SQL: every event of it, once."""

from collections import Counter
from pathlib import Path

from collector.records import decode_record
from journal.reader import first_position, read
from journal.segments import segments
from tests import databases

TABLES = {
    "danmaku": "live_data_danmakudata",
    "gift": "live_data_giftdata",
    "super_chat": "live_data_superchatdata",
    "super_chat_deletion": "live_data_superchatdeletiondata",
    "guard": "live_data_guardreportdata",
    "interaction": "live_data_interactiondata",
    "room_state": "live_data_roomstatedata",
    "coverage": "live_data_coveragespan",
    "red_packet": "live_data_redpacketreportdata",
    "clock": "live_data_clockreading",
}


def unstored(journal: Path, data_dir: Path, until: int) -> Counter[str]:
    """By kind, events of records received before ``until`` (ms) that are not in SQL; damage as "damaged"."""
    wanted: dict[str, set[bytes]] = {kind: set() for kind in TABLES}
    missing: Counter[str] = Counter()
    for item in read(journal, first_position(journal), segments(journal)[-1].end):
        if item.record is None:
            missing["damaged"] += 1
        elif item.record.received_at < until:
            for event in decode_record(item.record).events:
                if event.kind in wanted:
                    wanted[event.kind].add(event.event_id)
    with databases.opened(data_dir) as database:
        for kind, ids in wanted.items():
            # One of our own tables; its rows are unique by event_id.
            rows = database.ask(f"SELECT event_id FROM {TABLES[kind]}")
            missing[kind] += len(ids - {event_id for (event_id,) in rows})
    return +missing
