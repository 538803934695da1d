"""The event log on a real server: append, read, count, trim, lease, and what pages see."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, cast

import pytest
from msgspec.structs import replace
from redis.exceptions import ResponseError

from bilibili_live.events import AnyEvent, Tally
from event_store import keys, live, reader, rooms
from event_store.bounds import LogIsLong
from event_store.codec import RoomCounts, decode, encode
from event_store.connect import (
    AsyncRedis,
    Redis,
    RedisFull,
    RedisUnavailable,
    async_client,
    client,
    told_when_away,
    trouble,
)
from event_store.cursor import LogCursor
from event_store.writer import LogWriter
from tests.made import ROOM, batch, danmaku, gift, room_info


@pytest.fixture
async def async_redis(redis_url: str) -> AsyncIterator[AsyncRedis]:
    async with async_client(redis_url) as connection:
        yield connection


def cached_messages(redis: Redis) -> list[str]:
    return [json.loads(line)["message"] for line in redis.lrange(keys.room(ROOM, "danmaku"), 0, -1)]


class _Between:
    """A client beside which something happens after its first command."""

    def __init__(self, redis: Redis, happening: Callable[[], None]) -> None:
        self._redis = redis
        self._happening = happening

    def __getattr__(self, command: str) -> Callable[..., Any]:
        def asked(*told: Any) -> Any:
            try:
                return getattr(self._redis, command)(*told)
            finally:
                happening, self._happening = self._happening, lambda: None
                happening()

        return asked


def test_a_log_that_begins_while_it_is_looked_at_has_no_entry_without_its_incarnation(redis: Redis) -> None:
    def begin() -> None:
        redis.set(keys.INCARNATION, "00ff00ff00ff00ff")
        redis.xadd(keys.LOG, {"h": b"", "e": b""}, id="5-0")

    state = reader.log_state(cast(Redis, _Between(redis, begin)))
    assert (state.incarnation, state.last_id) == ("00ff00ff00ff00ff", "0-0")


def test_a_log_that_is_replaced_while_it_is_looked_at_is_another_one(redis: Redis) -> None:
    redis.set(keys.INCARNATION, "00ff00ff00ff00ff")
    redis.xadd(keys.LOG, {"h": b"", "e": b""}, id="5-0")

    def replace_it() -> None:
        redis.delete(keys.LOG)
        redis.set(keys.INCARNATION, "11ff11ff11ff11ff")
        redis.xadd(keys.LOG, {"h": b"", "e": b""}, id="9-0")

    state = reader.log_state(cast(Redis, _Between(redis, replace_it)))
    known = LogCursor("00ff00ff00ff00ff", "5-0")
    assert reader.start_of_reading(state, known) == LogCursor("11ff11ff11ff11ff")


async def test_what_was_appended_is_read_in_order(async_redis: AsyncRedis, redis: Redis) -> None:
    writer = LogWriter(async_redis)
    batches = [batch([danmaku(number)], journal=(number, number + 1)) for number in range(5)]
    appended = [await writer.append(each) for each in batches]
    entries = reader.read(redis, LogCursor(""), 100)
    assert [decode(entry.fields) for entry in entries] == batches
    assert [entry.stream_id for entry in entries] == [each.stream_id for each in appended]
    assert reader.read(redis, LogCursor("", appended[3].stream_id), 100) == entries[4:]


async def test_the_live_cache_holds_the_newest_first_and_is_capped(
    async_redis: AsyncRedis, redis: Redis
) -> None:
    await LogWriter(async_redis).append(batch([danmaku(number) for number in range(300)]))
    messages = cached_messages(redis)
    assert messages[0] == "第299条"
    assert len(messages) == keys.LIVE_LIST_LENGTH
    stats = redis.hgetall(keys.room(ROOM, "stats"))
    assert stats[b"total_danmaku"] == b"300"
    assert 0 < redis.ttl(keys.room(ROOM, "danmaku")) <= keys.ROOM_TTL


async def test_a_cached_gift_tells_cny_and_exact_gold(async_redis: AsyncRedis, redis: Redis) -> None:
    await LogWriter(async_redis).append(
        batch([gift(1, price=1500, total_coin=3000, num=2), gift(2, coin_type="silver")])
    )
    silver, gold = (json.loads(line) for line in redis.lrange(keys.room(ROOM, "gifts"), 0, -1))
    assert (gold["price"], gold["gold"], gold["num"]) == (1.5, 3000, 2)
    assert (silver["price"], silver["gold"]) == (0, 0)


async def test_what_is_published_again_is_in_the_cache_once(async_redis: AsyncRedis, redis: Redis) -> None:
    await LogWriter(async_redis).append(batch([danmaku(1)], journal=(0, 50)))
    restarted = LogWriter(async_redis)
    await restarted.append(batch([danmaku(1)], journal=(0, 50)))
    await restarted.append(batch([danmaku(2)], journal=(50, 90)))
    assert cached_messages(redis) == ["第2条", "第1条"]
    assert reader.log_state(redis).length == 3


async def test_a_key_of_the_cache_that_is_something_else_costs_no_event(
    async_redis: AsyncRedis, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    redis.set(keys.room(ROOM, "danmaku"), "x")
    redis.hset(keys.room(ROOM, "users"), "a", "b")
    redis.set(keys.room(ROOM, "info"), "x")
    writer = LogWriter(async_redis)
    for number in (1, 2):
        await writer.append(batch([danmaku(number)], journal=(number, number + 1)))
    assert reader.log_state(redis).length == 2
    [said] = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert said.startswith("the live cache cannot be written, the log can: Redis refuses (WRONGTYPE")
    assert cached_messages(redis) == ["第2条"]
    assert redis.hget(keys.room(ROOM, "stats"), "total_users") == b"1"


async def test_a_key_of_the_log_that_is_something_else_is_a_refusal(
    async_redis: AsyncRedis, redis: Redis
) -> None:
    redis.set(keys.LOG, "x")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await LogWriter(async_redis).append(batch([danmaku(1)]))


async def test_a_server_that_is_full_refuses_the_whole_batch(async_redis: AsyncRedis, redis: Redis) -> None:
    writer = LogWriter(async_redis)
    await writer.append(batch([danmaku(1)], journal=(0, 50)))
    redis.config_set("maxmemory", 1)
    try:
        with pytest.raises((RedisFull, LogIsLong)):
            await writer.append(batch([danmaku(2)], journal=(50, 90)))
    finally:
        redis.config_set("maxmemory", 0)
    assert reader.log_state(redis).length == 1
    assert cached_messages(redis) == ["第1条"]
    await writer.append(batch([danmaku(2)], journal=(50, 90)))
    assert cached_messages(redis) == ["第2条", "第1条"]


async def test_a_full_server_of_a_version_that_hides_the_reason_of_a_script_is_told_as_full() -> None:
    said = "Error running script (call to f_0): @user_script:49: @user_script: 49: -OOM command not allowed"
    assert trouble(ResponseError(said)) == "Redis is full: its maxmemory is used up"


async def test_nobody_s_words_are_taken_for_those_of_the_server() -> None:
    said = "Command # 1 (HSET a '-OOM command not allowed') of pipeline caused error: WRONGTYPE of a key"
    assert trouble(ResponseError(said)) == "Redis refuses (WRONGTYPE of a key)"


async def test_a_masked_and_a_named_copy_of_one_batch_are_one_in_the_cache(
    async_redis: AsyncRedis, redis: Redis
) -> None:
    masked = danmaku(1, uid=None, username="观***")
    given = gift(1, uid=None, username="观***")
    events: list[AnyEvent] = [masked, given, danmaku(2), danmaku(1), gift(1)]
    await LogWriter(async_redis).append(batch(events))
    stats = redis.hgetall(keys.room(ROOM, "stats"))
    assert (stats[b"total_danmaku"], stats[b"total_gifts"]) == (b"2", b"1")
    lines = [json.loads(line) for line in redis.lrange(keys.room(ROOM, "danmaku"), 0, -1)]
    assert [line["username"] for line in lines] == ["观众2", "观众1"]


async def test_rooms_of_one_batch_are_cached_apart(async_redis: AsyncRedis, redis: Redis) -> None:
    hostile = '第一行\n第二行\r\n"}'
    events: list[AnyEvent] = [
        danmaku(1, room_id=5, message=hostile),
        replace(room_info(1, title=hostile), room_id=5),
        replace(room_info(1, title="今晚也在"), room_id=6),
        danmaku(2, room_id=6),
        gift(3, room_id=6),
    ]
    await LogWriter(async_redis).append(batch(events))
    for room_id, message, title, gifts in (5, hostile, hostile, b"0"), (6, "第2条", "今晚也在", b"1"):
        [line] = redis.lrange(keys.room(room_id, "danmaku"), 0, -1)
        assert json.loads(line)["message"] == message
        assert redis.hget(keys.room(room_id, "info"), "title") == title.encode()
        assert redis.hget(keys.room(room_id, "stats"), "total_gifts") == gifts
        assert redis.llen(keys.room(room_id, "gifts")) == int(gifts)


async def test_more_users_than_one_command_takes_are_counted(async_redis: AsyncRedis, redis: Redis) -> None:
    await LogWriter(async_redis).append(batch([danmaku(number) for number in range(2_500)]))
    counted = int(redis.hget(keys.room(ROOM, "stats"), "total_users") or 0)
    assert abs(counted - 2_500) < 100  # a HyperLogLog errs by 0.81 %
    assert cached_messages(redis)[0] == "第2499条"


async def test_the_users_of_a_room_are_counted_once_each(async_redis: AsyncRedis, redis: Redis) -> None:
    writer = LogWriter(async_redis)
    for journal in (0, 1), (1, 2), (2, 3):
        await writer.append(batch([danmaku(1, uid=7), danmaku(2, uid=8), danmaku(3, uid=None)], journal))
    assert redis.hget(keys.room(ROOM, "stats"), "total_users") == b"2"


async def test_in_flight_sums_what_follows_the_cursor(async_redis: AsyncRedis, redis: Redis) -> None:
    writer = LogWriter(async_redis)
    tally = Tally(ignored={"NOTICE_MSG": 2})
    first = await writer.append(batch([danmaku(1)]))
    await writer.append(batch([danmaku(2), danmaku(3, room_id=5)]))
    await writer.append(batch([], counts=[RoomCounts(room_id=ROOM, received=2, tally=tally)]))
    flying = reader.in_flight(redis, [LogCursor(first.incarnation, first.stream_id)])
    assert {room_id: counts.received for room_id, counts in flying.rooms.items()} == {ROOM: 3, 5: 1}
    assert (flying.rooms[ROOM].tally, flying.entries) == (tally, 2)
    assert reader.in_flight(redis, [LogCursor(first.incarnation)]).rooms[ROOM].received == 4


async def test_no_more_entries_are_counted_than_asked_for(async_redis: AsyncRedis, redis: Redis) -> None:
    writer = LogWriter(async_redis)
    for number in range(3):
        appended = await writer.append(batch([danmaku(number)]))
    beginning = LogCursor(appended.incarnation)
    assert reader.in_flight(redis, [beginning], most=3).entries == 3
    with pytest.raises(reader.TooMuchInFlight):
        reader.in_flight(redis, [beginning], most=2)


def test_the_holder_of_a_lease_is_known_until_it_ends(redis: Redis) -> None:
    assert reader.lease_holder(redis) is None
    assert reader.take_lease(redis, "host:1:abc", 30)
    held = reader.lease_holder(redis)
    assert held is not None
    assert (held.owner, 0 < held.expires_in <= 30_000) == ("host:1:abc", True)
    reader.give_lease_back(redis, "host:1:abc")
    assert reader.lease_holder(redis) is None


async def test_another_log_is_read_from_its_beginning(async_redis: AsyncRedis, redis: Redis) -> None:
    first = await LogWriter(async_redis).append(batch([danmaku(1)]))
    cursor = LogCursor(first.incarnation, first.stream_id)
    assert reader.start_of_reading(reader.log_state(redis), cursor) == cursor
    redis.flushall()
    second = await LogWriter(async_redis).append(batch([danmaku(2)]))
    assert second.incarnation != first.incarnation
    assert reader.start_of_reading(reader.log_state(redis), cursor) == LogCursor(second.incarnation)


async def test_a_log_that_lost_its_tail_is_read_from_its_beginning(
    async_redis: AsyncRedis, redis: Redis
) -> None:
    first = await LogWriter(async_redis).append(batch([danmaku(1)]))
    ahead = LogCursor(first.incarnation, "99999999999999-0")
    assert reader.start_of_reading(reader.log_state(redis), ahead) == LogCursor(first.incarnation)


def append_at(redis: Redis, *stream_ids: str) -> None:
    redis.set(keys.INCARNATION, "00ff00ff00ff00ff")
    for stream_id in stream_ids:
        redis.xadd(keys.LOG, cast(Any, encode(batch([danmaku(1)]))), id=stream_id)


@pytest.mark.parametrize(
    ("cursor", "keep_from", "max_bytes", "left"),
    [
        ("3000-0", 2000, 1 << 20, ["2000-0", "3000-0", "4000-0"]),  # old ones behind the cursor go
        ("2000-0", 9000, 1 << 20, ["2000-0", "3000-0", "4000-0"]),  # never what is not synced
        ("3000-0", 0, 1 << 20, ["1000-0", "2000-0", "3000-0", "4000-0"]),  # young ones stay
        ("3000-0", 0, 1, ["3000-0", "4000-0"]),  # unless there is no room
    ],
)
def test_the_log_is_trimmed_behind_the_cursor(
    redis: Redis, cursor: str, keep_from: int, max_bytes: int, left: list[str]
) -> None:
    append_at(redis, "1000-0", "2000-0", "3000-0", "4000-0")
    reader.trim(redis, LogCursor("", cursor), keep_from, max_bytes)
    assert [entry.stream_id for entry in reader.read(redis, LogCursor(""), 10)] == left


def test_one_owner_at_a_time_holds_the_lease(redis: Redis) -> None:
    assert reader.take_lease(redis, "a", 60)
    assert reader.take_lease(redis, "a", 60)
    assert not reader.take_lease(redis, "b", 60)
    reader.give_lease_back(redis, "b")
    assert not reader.take_lease(redis, "b", 60)
    reader.give_lease_back(redis, "a")
    assert reader.take_lease(redis, "b", 60)


async def test_a_page_goes_on_after_its_cursor(async_redis: AsyncRedis, redis: Redis) -> None:
    writer = LogWriter(async_redis)
    await writer.append(batch([danmaku(1)]))
    cursor = live.now(redis)
    await writer.append(batch([danmaku(2)]))
    later = live.events_after(redis, cursor)
    assert later.events == [danmaku(2)]
    assert live.events_after(redis, later.cursor).events == []


def test_a_page_whose_cursor_is_gone_is_told(redis: Redis) -> None:
    append_at(redis, "1000-0", "2000-0", "3000-0")
    log = "00ff00ff00ff00ff"
    reader.trim(redis, LogCursor(log, "2000-0"), 9000, 1 << 20)
    assert len(live.events_after(redis, LogCursor(log, "2000-0")).events) == 1
    for gone in (LogCursor(log, "1000-0"), LogCursor("a" * 16, "3000-0"), LogCursor(log, "4000-0")):
        with pytest.raises(live.CursorGone):
            live.events_after(redis, gone)


async def test_the_tail_shows_what_arrives_from_now_on(async_redis: AsyncRedis, redis_url: str) -> None:
    writer = LogWriter(async_redis)
    await writer.append(batch([danmaku(1)]))
    async with async_client(redis_url) as other, aclosing(live.tail(other)) as tail:
        first = asyncio.ensure_future(anext(tail))
        while not first.done():  # it must be reading before the entry comes
            await writer.append(batch([danmaku(2)]))
            await asyncio.wait([first], timeout=0.05)
        assert first.result().events[0] == danmaku(2)


async def test_scheduler_and_collector_understand_each_other(async_redis: AsyncRedis, redis: Redis) -> None:
    assert await rooms.desired(async_redis) is None
    assert await rooms.committed_position(async_redis, "c") is None
    desired = rooms.DesiredRooms(at=1, room_ids=[1, 2])
    rooms.publish_desired(redis, desired)
    rooms.publish_positions(redis, {"c": rooms.CommittedPosition(7, "5-0")})
    assert await rooms.desired(async_redis) == desired
    assert await rooms.committed_position(async_redis, "c") == rooms.CommittedPosition(7, "5-0")
    life = rooms.CollectorLife(1, 2, 3, 4, 5, 6, "problem")
    await rooms.show_life(async_redis, "c", life)
    assert rooms.collectors(redis) == {"c": life}
    connection = rooms.RoomConnection("blind", "unreachable", "no route", 1, 2, "c")
    await rooms.show_connections(async_redis, {ROOM: connection})
    assert rooms.connections(redis, [ROOM, 5]) == {ROOM: connection}


async def test_connections_of_many_rooms_are_all_shown(async_redis: AsyncRedis, redis: Redis) -> None:
    many = {
        room_id: rooms.RoomConnection("blind", "unreachable", "no route", 1, room_id, "c")
        for room_id in range(1, 252)
    }
    await rooms.show_connections(async_redis, many)
    assert rooms.connections(redis, many) == many


def test_a_server_that_is_away_is_told_in_one_line_without_the_password() -> None:
    url = "redis://:secret@127.0.0.1:1/0"
    with pytest.raises(RedisUnavailable) as raised, told_when_away(url), client(url) as away:
        away.ping()
    line = str(raised.value)
    assert "redis://127.0.0.1:1/0" in line
    assert "secret" not in line
    assert "\n" not in line
