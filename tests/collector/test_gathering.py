"""Decoded events on their way to one log entry."""

from bilibili_live.events import Decoded, Tally
from collector.gathering import Gathering
from tests.made import ROOM, danmaku, gift


def test_a_batch_counts_events_ignored_and_rejected_as_received_by_room() -> None:
    gathering = Gathering("c0ffee")
    gathering.add(ROOM, Decoded(events=[danmaku(1)], tally=Tally(ignored={"NOTICE_MSG": 2})))
    gathering.add(ROOM, Decoded(events=[gift(1)], tally=Tally(ignored={"NOTICE_MSG": 1})))
    gathering.add(7, Decoded(tally=Tally(rejected={"bad time": 1}, undecodable={"unknown version": 5})))
    batch = gathering.cut(10, 20)
    assert batch.events == [danmaku(1), gift(1)]
    assert (batch.header.collector, batch.header.journal_from, batch.header.journal_to) == ("c0ffee", 10, 20)
    here, there = batch.header.counts
    assert (here.room_id, here.received, here.tally) == (ROOM, 5, Tally(ignored={"NOTICE_MSG": 3}))
    # Undecodable packets are not events: they are counted apart.
    assert (there.room_id, there.received) == (7, 1)
    assert there.tally.undecodable == {"unknown version": 5}


def test_it_is_empty_again_after_a_cut() -> None:
    gathering = Gathering("c0ffee")
    gathering.add(ROOM, Decoded(events=[danmaku(1)]))
    first = gathering.cut(0, 1)
    assert gathering.is_empty
    gathering.add(ROOM, Decoded(events=[danmaku(2)]))
    assert first.events == [danmaku(1)]
    assert gathering.cut(1, 2).events == [danmaku(2)]
