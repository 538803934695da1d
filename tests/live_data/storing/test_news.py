"""News of the protocol in SQL: by name, since when, how often; bounded, and never a reason to stop."""

import msgspec
import pytest

from bilibili_live.events import PARSER_VERSION, News
from event_store.codec import encode
from live_data import sync
from live_data.instants import moment
from live_data.models import ProtocolNews
from live_data.storing import news
from live_data.storing.counts import OTHER
from tests.live_data.conftest import Log
from tests.made import AT, batch, danmaku

pytestmark = pytest.mark.django_db(transaction=True)


def heard(name: str, at: int = AT, count: int = 1, sample: str = "", kind: str = "unknown command") -> News:
    return News(kind=kind, name=name, at=at, last_at=at + 5, count=count, sample=sample)


def row(name: str) -> ProtocolNews:
    return ProtocolNews.objects.get(name=name)


def test_what_is_heard_again_is_counted_and_its_first_time_only_gets_earlier() -> None:
    news.write([(heard("NEW", AT + 100), 2), (heard("NEW", AT + 300, count=3, sample="{}"), 2)])
    news.write([(heard("NEW", AT, sample='{"later": 1}'), 3)])
    news.write([(heard("NEW", AT + 200), 1)])
    found = row("NEW")
    assert (found.first_seen, found.last_seen) == (moment(AT), moment(AT + 305))
    assert (found.count, found.sample, found.parser_version) == (6, "{}", 3)


def test_the_same_name_of_another_kind_is_other_news() -> None:
    news.write([(heard("NEW"), 1), (heard("NEW", kind="rejected"), 1)])
    assert ProtocolNews.objects.count() == 2


def test_names_beyond_the_most_share_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "MOST_NAMES", 3)
    news.write([(heard(f"A{number}", sample="{}"), 1) for number in range(2)])
    news.write([(heard(f"B{number}", sample="{}"), 1) for number in range(4)])
    news.write([(heard("A0"), 1), (heard("C"), 1), (heard("X", kind="rejected"), 1)])
    counted = dict(ProtocolNews.objects.filter(kind="unknown command").values_list("name", "count"))
    assert counted == {"A0": 2, "A1": 1, "B0": 1, OTHER: 4}
    assert row(OTHER).sample == ""


@pytest.mark.parametrize("at", [2**62, -(2**62)])
def test_a_time_beyond_the_calendar_costs_that_news_and_no_other(at: int) -> None:
    news.write([(heard("LOST", at), 1), (heard("KEPT"), 1)])
    assert list(ProtocolNews.objects.values_list("name", flat=True)) == ["KEPT"]


def test_news_come_with_the_events_of_their_log_entry(log: Log) -> None:
    log.append(batch([danmaku(1)], news=[heard("NEW", count=2, sample="{}")]))
    log.append(batch([danmaku(2)], journal=(100, 200), news=[heard("NEW", AT - 50)]))
    sync.step(log.redis)
    found = row("NEW")
    assert (found.count, found.first_seen, found.parser_version) == (3, moment(AT - 50), PARSER_VERSION)


def test_an_entry_of_a_collector_that_knew_no_news_is_read(log: Log) -> None:
    fields = encode(batch([danmaku(1)]))
    header = msgspec.msgpack.decode(fields["h"])
    log.append_raw({**fields, "h": msgspec.msgpack.encode(header[:-1])})
    assert sync.step(log.redis).received == 1
    assert not ProtocolNews.objects.exists()
