"""The line of health: pure words from what the parts said of themselves."""

import pytest
from django.utils import translation

from bilibili_live.errors import BilibiliError, NoRoomBehindLink
from collector.coverage import CONNECTING, GUEST, NOT_RUNNING
from collector.multi_room import NOT_WATCHED
from event_store.rooms import CollectorLife, RoomConnection, SyncLife
from live_data.views import health

NOW = 1_790_000_000_000  # ms


def life(**changed: int | str) -> CollectorLife:
    said: dict[str, int | str] = {
        "at": NOW,
        "pid": 1,
        "started_at": NOW,
        "rooms": 2,
        "journal_position": 10**6,
        "published_position": 10**6,
    }
    return CollectorLife(**{**said, **changed})  # type: ignore[arg-type]  # mixed on purpose


@pytest.mark.parametrize(
    ("changed", "levels", "words"),
    [
        ({}, ["ok", "ok"], "2 rooms"),
        ({"rooms": 1}, ["ok", "ok"], "1 room"),
        ({"at": NOW - 60_000}, ["bad", "ok"], "silent for 60 s"),
        ({"at": NOW + 4_000}, ["ok", "ok"], "2 rooms"),
        ({"at": NOW + 60_000}, ["bad", "ok"], "60 s in the future"),
        ({"problem": "disk full"}, ["warn", "ok"], "disk full"),
        ({"published_position": 0}, ["ok", "warn"], "976 KiB wait on disk"),
    ],
)
def test_a_collector_says_how_it_is(changed: dict[str, int], levels: list[str], words: str) -> None:
    signs = health.collector_signs(NOW, {"c": life(**changed)})
    assert [sign.level for sign in signs] == levels
    assert words in " ".join(f"{sign.text} {sign.detail}" for sign in signs)


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
    away, lost = RoomConnection("blind", "unreachable"), RoomConnection("blind", "connection lost")
    assert [sign.level for sign in health.network_signs([away, away])] == ["bad"]
    assert "make demo" in health.network_signs([away])[0].text
    assert health.network_signs([away, lost]) == []
    assert health.network_signs([]) == []


def test_a_connection_is_told_with_its_cause() -> None:
    guest = RoomConnection("degraded", "guest")
    assert "as a guest" in health.connection_words(guest, is_redis_there=True)
    tomorrow = RoomConnection("blind", "news of tomorrow", "code 7")
    assert "does not know" in health.connection_words(tomorrow, is_redis_there=True)
    assert health.connection_detail(tomorrow) == "news of tomorrow: code 7"
    assert health.connection_detail(guest) == ""
    assert health.connection_detail(None) == ""
    assert "Redis is away" in health.connection_words(None, is_redis_there=False)
    assert "within seconds" in health.connection_words(None, is_redis_there=True)


def test_redis_is_called_by_its_own_name() -> None:
    assert health.redis_sign({"valkey_version": "9.1.2", "redis_version": "7.2.4"}).detail == "Valkey 9.1.2"
    assert health.redis_sign({"valkey_version": "", "redis_version": "7.2.4"}).detail == "Redis 7.2.4"


def test_every_cause_that_a_collector_tells_has_words() -> None:
    # Links are followed where they are typed, by no collector.
    causes = {each.cause for each in _all_errors(BilibiliError)} - {NoRoomBehindLink.cause}
    notes = {note.cause for note in (GUEST, NOT_RUNNING, CONNECTING)}
    for cause in {*causes, *notes, NOT_WATCHED, "collector was stopped", "collector error"}:
        said = health.connection_words(RoomConnection("blind", cause), is_redis_there=True)
        assert "does not know" not in said, cause


def _all_errors(root: type[BilibiliError]) -> list[type[BilibiliError]]:
    return [root, *(each for child in root.__subclasses__() for each in _all_errors(child))]
