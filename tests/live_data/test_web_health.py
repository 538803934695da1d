"""The line of health: pure words from what the parts said of themselves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from bilibili_live.errors import BilibiliError, NoRoomBehindLink
from collector.coverage import CONNECTING, GUEST, NOT_RUNNING
from collector.multi_room import NOT_WATCHED
from event_store.rooms import CollectorLife, JournalStorage, RoomConnection
from event_store.server import ServerFacts
from event_store.sync_lives import SyncLife
from live_data.inspection import clocks
from live_data.models import ClockReading
from live_data.views import health

NOW = 1_790_000_000_000  # ms


def life(**changed: Any) -> CollectorLife:
    said: dict[str, Any] = {
        "at": NOW,
        "pid": 1,
        "started_at": NOW,
        "rooms": 2,
        "journal_position": 10**6,
        "published_position": 10**6,
    }
    return CollectorLife(**{**said, **changed})


@pytest.mark.parametrize(
    ("changed", "levels", "words"),
    [
        ({}, ["ok", "ok"], "2 rooms"),
        ({"rooms": 1}, ["ok", "ok"], "1 room"),
        ({"at": NOW - 60_000}, ["bad", "ok"], "silent for 60 s"),
        ({"at": NOW + 4_000}, ["ok", "ok"], "2 rooms"),
        ({"at": NOW + 60_000}, ["bad", "ok"], "60 s in the future"),
        ({"problem": "disk full"}, ["warn", "ok"], "disk full"),
        ({"is_waiting": True, "started_at": NOW - 9_000}, ["ok", "ok"], "2 rooms"),
        ({"is_waiting": True, "started_at": NOW - 12_000}, ["bad", "warn"], "no room is watched until then"),
        # Whatever else is wrong, nobody may miss that nothing is recorded.
        (
            {"is_waiting": True, "started_at": NOW - 12_000, "problem": "the disk is full in 3 h"},
            ["bad", "warn"],
            "no room is watched until then. the disk is full in 3 h",
        ),
        (
            {"is_waiting": True, "started_at": NOW - 12_000, "yields_to": "first"},
            ["warn", "warn"],
            "waits until first is silent, which watches the rooms. Is its DATA_DIR",
        ),
        ({"is_waiting": False, "started_at": NOW - 12_000}, ["ok", "ok"], "2 rooms"),
        ({"published_position": 0}, ["ok", "warn"], "976 KiB wait on disk"),
        ({"storage": JournalStorage(waiting=1)}, ["ok", "bad"], "1 record waits in memory"),
        ({"storage": JournalStorage(waiting=7, full_in=60.0)}, ["ok", "bad"], "7 records wait in memory"),
        ({"storage": JournalStorage(full_in=3599.0)}, ["ok", "bad"], "full in about 59 min"),
        ({"storage": JournalStorage(full_in=3.0)}, ["ok", "bad"], "full in about 1 min"),
        ({"storage": JournalStorage(full_in=3601.0)}, ["ok", "ok"], "Journal: complete"),
        ({"storage": JournalStorage(is_over=True)}, ["ok", "warn"], "larger than its limit"),
    ],
)
def test_a_collector_says_how_it_is(changed: dict[str, Any], levels: list[str], words: str) -> None:
    signs = health.collector_signs(NOW, {"c": life(**changed)})
    assert [sign.level for sign in signs] == levels
    assert words in " ".join(f"{sign.text} {sign.detail}" for sign in signs)


def test_a_collector_that_waited_and_is_gone_is_missed_by_nobody() -> None:
    lives = {"c": life(), "wrong folder": life(at=NOW - 16_000, is_waiting=True, problem="another watches")}
    assert [sign.level for sign in health.collector_signs(NOW, lives)] == ["ok", "ok"]


def test_a_collector_that_was_taken_away_is_forgotten() -> None:
    gone = {"c": life(at=NOW - 48 * 3600_000)}
    assert health.collector_signs(NOW, gone) == health.collector_signs(NOW, {})
    assert health.collector_signs(NOW, {})[0].level == "warn"


@pytest.mark.parametrize(
    ("sync", "level", "words"),
    [
        (None, "warn", "not started"),
        (SyncLife(NOW, 900), "ok", "up to date"),
        (SyncLife(NOW, 42_000), "warn", "42 s behind"),
        (SyncLife(NOW - 60_000, 0), "warn", "60 s ago"),
        (SyncLife(NOW - 310_000, 0, interval=300), "ok", "up to date"),
        (SyncLife(NOW - 320_000, 0, interval=300), "warn", "320 s ago"),
        (SyncLife(NOW + 60_000, 0), "warn", "60 s in the future"),
        (SyncLife(NOW, 0, "database is locked"), "bad", "database is locked"),
    ],
)
def test_the_sync_says_how_far_it_is(sync: SyncLife | None, level: str, words: str) -> None:
    sign = health.sync_sign(NOW, sync)
    assert sign.level == level
    assert words in f"{sign.text} {sign.detail}"


def test_what_a_part_says_of_itself_is_kept_apart_from_our_words() -> None:
    away = health.redis_away("unix:///nowhere (no such file)")
    assert (away.text.startswith("Redis does not answer"), away.detail) == (
        True,
        "unix:///nowhere (no such file)",
    )
    with translation.override("zh-hans"):
        sync = health.sync_sign(NOW, SyncLife(NOW, 0, "database is locked"))
        collector, _journal = health.collector_signs(NOW, {"c": life(problem="disk full")})
    assert (sync.detail, collector.detail) == ("database is locked", "disk full")
    assert "database is locked" not in sync.text
    assert "disk full" not in collector.text


def test_only_when_no_room_is_reached_the_network_is_to_blame() -> None:
    away, lost = (RoomConnection("blind", cause, since=NOW) for cause in ("unreachable", "connection lost"))
    assert [sign.level for sign in health.network_signs(NOW, [away, away])] == ["bad"]
    assert "make demo" in health.network_signs(NOW, [away])[0].text
    assert health.network_signs(NOW, [away, lost]) == []
    assert health.network_signs(NOW, []) == []


def test_one_room_that_risk_control_stopped_is_a_warning_about_the_site() -> None:
    refused = RoomConnection("blind", "risk control")
    [sign] = health.network_signs(NOW, [RoomConnection("covered"), refused])
    assert (sign.part, sign.level) == ("network", "warn")
    assert "risk control" in sign.text


def blind(cause: str, seconds: int, **said: Any) -> RoomConnection:
    return RoomConnection("blind", cause, since=NOW, blind_since=NOW - seconds * 1000, **said)


@pytest.mark.parametrize(
    ("rooms", "words"),
    [
        ([blind("connection lost", 61)], "none has been connected for 61 s: the connection was lost"),
        ([blind("silence", 300), blind("site error", 90), blind("silence", 70)], "for 70 s: nothing arrived"),
        ([blind("connecting", 61)], "for 61 s: connecting"),
        ([blind("silence", 80), RoomConnection("blind", "not live")], "for 80 s: nothing"),
        ([blind("silence", 80), blind("connecting", 5)], "for 80 s: nothing"),
    ],
)
def test_that_no_room_is_connected_is_bad_after_a_minute_with_the_cause(
    rooms: list[RoomConnection], words: str
) -> None:
    [sign] = health.network_signs(NOW, rooms)
    assert (sign.part, sign.level) == ("network", "bad")
    assert words in sign.text


@pytest.mark.parametrize(
    "rooms",
    [
        [],
        [blind("connection lost", 60)],
        [blind("connection lost", 300), blind("connection lost", 20)],
        [blind("connection lost", 300), RoomConnection("degraded", "guest")],
        [blind("connecting", 30)],
        [RoomConnection("blind", "not live", since=NOW - 10**7)],
    ],
)
def test_rooms_that_begin_wait_or_come_back_within_a_minute_are_no_outage(
    rooms: list[RoomConnection],
) -> None:
    assert health.network_signs(NOW, rooms) == []


def test_a_risk_control_that_keeps_every_room_out_is_bad() -> None:
    [sign] = health.network_signs(NOW, [blind("risk control", 300)])
    assert (sign.level, "risk control" in sign.text) == ("bad", True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ms", "age", "words"), [(-400_000, 1, "by 400.0 s"), (200_000, 1, ""), (400_000, 90_000, "")]
)
def test_a_clock_that_is_minutes_off_is_suspected_of_the_refusal(ms: int, age: int, words: str) -> None:
    now = datetime.fromtimestamp(NOW / 1000, UTC)
    at = now - timedelta(seconds=age)
    ClockReading.objects.create(event_id=b"c" * 16, timestamp=at, collector="c", kind="offset", ms=ms)
    suspicion = clocks.suspicion(now)
    assert (words in suspicion, bool(suspicion)) == (True, bool(words))
    [sign] = health.network_signs(NOW, [RoomConnection("blind", "risk control", since=NOW)], suspicion)
    assert suspicion in sign.text
    assert health.network_signs(NOW, [RoomConnection("covered")], suspicion) == []


def test_a_connection_is_told_with_its_cause() -> None:
    guest = RoomConnection("degraded", "guest", "in words of no language but one")
    assert "as a guest" in health.connection_words(guest, is_redis_there=True)
    tomorrow = RoomConnection("blind", "news of tomorrow", "code 7")
    assert "does not know" in health.connection_words(tomorrow, is_redis_there=True)
    assert health.connection_detail(tomorrow) == "news of tomorrow: code 7"
    assert health.connection_detail(guest) == ""
    assert health.connection_detail(None) == ""
    assert health.coverage_detail("not live", "") == ""
    assert "Redis is away" in health.connection_words(None, is_redis_there=False)
    assert "within seconds" in health.connection_words(None, is_redis_there=True)


def facts(**changed: int | str | bool) -> ServerFacts:
    said: dict[str, int | str | bool] = {
        "redis_version": "7.2.4",
        "valkey_version": "9.1.2",
        "uptime": 1,
        "clients": 1,
        "used_memory": 5 << 20,
        "max_memory": 0,
        "policy": "noeviction",
        "is_append_only": True,
        "is_writing_well": True,
        "is_rewriting": False,
    }
    return ServerFacts(**{**said, **changed})  # type: ignore[arg-type]  # mixed on purpose


def test_redis_is_called_by_its_own_name() -> None:
    assert health.redis_sign(facts()).detail == "Valkey 9.1.2"
    assert health.redis_sign(facts(valkey_version="")).detail == "Redis 7.2.4"


@pytest.mark.parametrize(
    ("changed", "level", "words"),
    [
        ({"max_memory": 50 << 20}, "ok", "connected"),
        ({"max_memory": 5 << 20}, "bad", "full"),
        ({"max_memory": 5 << 20, "policy": "allkeys-lru"}, "ok", "connected"),
        ({"is_writing_well": False}, "bad", "cannot write its file"),
        ({"is_writing_well": False, "is_append_only": False}, "ok", "connected"),
    ],
)
def test_a_redis_that_takes_nothing_says_why(
    changed: dict[str, int | str | bool], level: str, words: str
) -> None:
    sign = health.redis_sign(facts(**changed))
    assert (sign.level, words in sign.text) == (level, True)


def test_who_cannot_report_to_a_full_redis_is_not_called_silent() -> None:
    signs = [
        *health.collector_signs(NOW, {"c": life(at=NOW - 60_000)}),
        health.sync_sign(NOW, SyncLife(NOW - 60_000, 0)),
    ]
    assert health.muffled(signs, facts()) == signs
    collector, journal, sync = health.muffled(signs, facts(max_memory=5 << 20))
    assert journal.text == "Journal: complete"
    assert collector.text == "Collector: cannot report while Redis takes nothing."
    assert sync.text == "Sync: cannot report while Redis takes nothing."


def test_every_cause_that_a_collector_tells_has_words() -> None:
    # Links are followed where they are typed, by no collector.
    causes = {each.cause for each in _all_errors(BilibiliError)} - {NoRoomBehindLink.cause}
    notes = {note.cause for note in (GUEST, NOT_RUNNING, CONNECTING)}
    for cause in {*causes, *notes, NOT_WATCHED, "collector was stopped", "collector error"}:
        said = health.connection_words(RoomConnection("blind", cause), is_redis_there=True)
        assert "does not know" not in said, cause


def _all_errors(root: type[BilibiliError]) -> list[type[BilibiliError]]:
    return [root, *(each for child in root.__subclasses__() for each in _all_errors(child))]
