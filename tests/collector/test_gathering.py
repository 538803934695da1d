"""Decoded events on their way to one log entry."""

import json

from bilibili_live.events import Decoded, News, Oddity, Tally
from collector.gathering import MOST_NEWS, OTHER, Gathering
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


def test_what_a_second_connection_repeated_was_received_too() -> None:
    gathering = Gathering("c0ffee")
    gathering.add(ROOM, Decoded(events=[danmaku(1)], tally=Tally(repeated=2)))
    gathering.add(ROOM, Decoded(tally=Tally(repeated=1)))
    [counts] = gathering.cut(0, 1).header.counts
    assert (counts.received, counts.tally) == (4, Tally(repeated=3))


def test_it_is_empty_again_after_a_cut() -> None:
    gathering = Gathering("c0ffee")
    gathering.add(ROOM, Decoded(events=[danmaku(1)]))
    first = gathering.cut(0, 1)
    assert gathering.is_empty
    gathering.add(ROOM, Decoded(events=[danmaku(2)]))
    assert first.events == [danmaku(1)]
    assert gathering.cut(1, 2).events == [danmaku(2)]


def oddity(name: str, at: int = 5, said: object = None) -> Oddity:
    return Oddity("unknown command", name, at, said)


def test_news_are_counted_by_name_over_all_rooms_with_one_redacted_sample() -> None:
    gathering = Gathering("c0ffee")
    gathering.add(ROOM, Decoded(oddities=[oddity("NEW", 7, {"cmd": "NEW", "uname": "小明"})]))
    gathering.add(7, Decoded(oddities=[oddity("NEW", 5, {"cmd": "NEW"}), oddity("NEWER", 9)]))
    first, second = gathering.cut(0, 1).header.news
    sample = json.dumps({"cmd": "NEW", "uname": "str:2"}, separators=(",", ":"))
    assert first == News(kind="unknown command", name="NEW", at=5, last_at=7, count=2, sample=sample)
    assert (second.name, second.count, second.sample) == ("NEWER", 1, "")
    gathering.add(ROOM, Decoded())
    assert gathering.cut(1, 2).header.news == []


def test_a_flood_of_names_shares_one_name_without_a_sample() -> None:
    gathering = Gathering("c0ffee")
    names = [oddity(f"CMD_{number}", number, {"cmd": "A"}) for number in range(MOST_NEWS + 30)]
    gathering.add(ROOM, Decoded(oddities=names + names))
    news = {each.name: each for each in gathering.cut(0, 1).header.news}
    assert len(news) == MOST_NEWS + 1
    assert sum(each.count for each in news.values()) == 2 * len(names)
    assert (news[OTHER].count, news[OTHER].sample, news[OTHER].last_at) == (60, "", MOST_NEWS + 29)
