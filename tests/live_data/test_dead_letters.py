"""What cannot be stored stops nothing, is kept whole, and is stored when its cause is gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from django.test import Client

from bilibili_live.events import Danmaku
from event_store import codec
from event_store.connect import Redis
from live_data import retention, sync
from live_data.models import DanmakuData, DeadLetter, ErasedPerson, EventCount, MinuteCount
from live_data.storing import dead_letters
from live_data.storing.rows import ROWS
from tests import environment
from tests.live_data.conftest import Log, assert_balanced
from tests.live_data.web_debug import page, part
from tests.made import ROOM, batch, danmaku, gauge, gift

pytestmark = pytest.mark.django_db(transaction=True)


#: Who finds out that a number fits no column: Python for SQLite, else the server.
TOO_BIG = "OverflowError" if environment.SERVER is None else "DataError"


@contextmanager
def a_fault(monkeypatch: pytest.MonkeyPatch, error: type[Exception] = TypeError) -> Iterator[None]:
    """No danmaku of a person with an even uid can be made into a row."""

    def stumbling(event: Danmaku, _: int | None) -> None:
        if event.uid is not None and event.uid % 2 == 0:
            raise error(f"no row of {event.message}\0\ud800")

    with monkeypatch.context() as patch:
        patch.setitem(ROWS, Danmaku, replace(ROWS[Danmaku], made={"emotes": stumbling}))
        yield


def counted(room_id: int = ROOM) -> dict[str, int]:
    rows = EventCount.objects.filter(room_id=room_id).exclude(count=0)
    return {f"{row.outcome} {row.name}".strip(): row.count for row in rows}


def danmaku_of_minutes() -> int:
    return sum(MinuteCount.objects.values_list("danmaku", flat=True))


def test_a_fault_in_the_code_stops_nothing_and_loses_nothing(
    log: Log, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log.append(batch([danmaku(1), danmaku(2), gift(2)]))
    log.append(batch([danmaku(3), danmaku(4)], journal=(100, 200)))
    with a_fault(monkeypatch):
        assert sync.step(log.redis).entries == 2
    assert counted() == {"received": 5, "stored": 3, "rejected not storable": 2}
    first, _ = DeadLetter.objects.order_by("pk")
    assert codec.decode_event(bytes(first.event)) == danmaku(2)
    assert (first.kind, first.room_id, first.times) == ("danmaku", ROOM, 1)
    assert first.reason == "TypeError: no row of 第2条\ufffd\ufffd"
    assert_balanced()
    call_command("retry_dead_letters")
    assert "Tried 2: 2 stored, 0 refused again." in capsys.readouterr().out
    assert sorted(DanmakuData.objects.values_list("message", flat=True)) == [
        "第1条",
        "第2条",
        "第3条",
        "第4条",
    ]
    assert danmaku_of_minutes() == 4
    assert counted() == {"received": 5, "stored": 5}
    assert not DeadLetter.objects.exists()
    assert_balanced()


@pytest.mark.parametrize(
    "error", [AssertionError, NameError, KeyError, RecursionError, NotImplementedError, ZeroDivisionError]
)
def test_whatever_the_code_stumbles_over_stops_nothing(
    log: Log, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    log.append(batch([danmaku(1), danmaku(2)]))
    with a_fault(monkeypatch, error):
        assert sync.step(log.redis).entries == 1
    assert counted() == {"received": 2, "stored": 1, "rejected not storable": 1}
    assert DeadLetter.objects.get().reason.startswith(error.__name__)


def test_a_value_of_no_type_of_sql_stops_nothing(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(event: Danmaku, _: int | None) -> Any:
        return [event.color] if event.uid == 1002 else None

    monkeypatch.setitem(ROWS, Danmaku, replace(ROWS[Danmaku], made={"emotes": odd}))
    log.append(batch([danmaku(1), danmaku(2)]))
    assert sync.step(log.redis).entries == 1
    assert counted() == {"received": 2, "stored": 1, "rejected not storable": 1}


def test_nothing_is_kept_of_who_was_erased(log: Log) -> None:
    ErasedPerson.objects.create(uid=1001)
    log.append(batch([msgspec.structs.replace(danmaku(1), at=2**60), danmaku(2, uid=2**63)]))
    sync.step(log.redis)
    assert DeadLetter.objects.get().reason.startswith(TOO_BIG)
    assert counted() == {"received": 2, "rejected erased": 1, "rejected not storable": 1}


def test_a_reason_does_nothing_to_a_terminal() -> None:
    said = dead_letters.reason(ValueError("bad \x1b]0;owned\x07\x1b[2J \u202evalue\nand more"))
    assert said == "ValueError: bad \ufffd]0;owned\ufffd\ufffd[2J \ufffdvalue and more"


def test_what_is_delivered_again_while_it_is_dead_is_one_letter(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_fault(monkeypatch):
        for number in range(3):
            log.append(batch([danmaku(2)], journal=(number, number + 1)))
            sync.step(log.redis)
    assert DeadLetter.objects.get().times == 3
    assert counted() == {"received": 3, "rejected not storable": 3}
    call_command("retry_dead_letters")
    assert counted() == {"received": 3, "stored": 1, "duplicate": 2}
    assert_balanced()


def test_what_is_refused_again_stays_with_the_newest_reason(
    log: Log, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log.append(batch([danmaku(2), danmaku(3, uid=2**63 + 1)]))
    with a_fault(monkeypatch):
        sync.step(log.redis)
    before = DeadLetter.objects.get(reason__startswith=TOO_BIG)
    with pytest.raises(SystemExit) as ended:
        call_command("retry_dead_letters")
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert f"1: {TOO_BIG}: " in said
    assert "Tried 2: 1 stored, 1 refused again." in said
    after = DeadLetter.objects.get()
    assert (after.pk, after.times) == (before.pk, 1)
    assert after.last_failed_at > before.last_failed_at
    assert after.first_failed_at == before.first_failed_at
    assert counted() == {"received": 2, "stored": 1, "rejected not storable": 1}
    assert_balanced()


def test_a_letter_that_was_stored_meanwhile_is_a_duplicate(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(batch([danmaku(2)]))
    with a_fault(monkeypatch):
        sync.step(log.redis)
    log.append(batch([danmaku(2)], journal=(100, 200)))
    sync.step(log.redis)
    call_command("retry_dead_letters")
    assert (DanmakuData.objects.count(), danmaku_of_minutes()) == (1, 1)
    assert counted() == {"received": 2, "stored": 1, "duplicate": 1}
    assert_balanced()


def test_nobody_erased_comes_back_by_a_letter(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(batch([danmaku(2)]))
    with a_fault(monkeypatch):
        sync.step(log.redis)
    ErasedPerson.objects.create(uid=1002)
    call_command("retry_dead_letters")
    assert not DanmakuData.objects.exists()
    assert not DeadLetter.objects.exists()
    assert counted() == {"received": 1, "rejected erased": 1}


def test_only_what_was_asked_for_is_tried(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    far = 2**63
    log.append(batch([danmaku(1, uid=far), gift(1, uid=far), danmaku(2, room_id=7, uid=far), gauge(1, far)]))
    sync.step(log.redis)
    for asked, wait in (
        ({}, 4), ({"kind": "danmaku"}, 2), ({"kind": "danmaku", "room": 7}, 1), ({"room": 5}, 0),
    ):  # fmt: skip
        call_command("retry_dead_letters", dry_run=True, **asked)
        assert f"{wait} dead letters wait." in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("retry_dead_letters", kind="gift")
    assert "Tried 1: none stored, 1 refused again." in capsys.readouterr().out


def test_a_letter_that_nobody_can_read_is_refused_and_kept(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    log.append(batch([danmaku(1, uid=2**63)]))
    sync.step(log.redis)
    DeadLetter.objects.update(event=b"\xc1")
    with pytest.raises(SystemExit):
        call_command("retry_dead_letters")
    assert "refused again" in capsys.readouterr().out
    assert bytes(DeadLetter.objects.get().event) == b"\xc1"


def test_the_page_and_health_tell_them(
    client: Client, redis: Redis, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "everything that could be read is stored" in part(page(client), "dead-letters")
    log.append(batch([danmaku(2, message="<script>alert(1)</script>")]))
    with a_fault(monkeypatch):
        sync.step(log.redis)
    html = page(client)
    assert "TypeError: no row of <script>alert(1)</script>\ufffd\ufffd" in part(html, "dead-letters")
    assert "<script>alert(1)" not in html
    assert "some events could not be stored" in part(html, "problems")
    assert any(
        "some events could not be stored" in each
        for each in client.get("/live/api/health").json()["problems"]
    )


def test_a_clean_up_takes_old_letters_too(log: Log) -> None:
    log.append(batch([danmaku(1, uid=2**63)]))
    sync.step(log.redis)
    now = datetime.now(UTC)
    for before, left in ((now - timedelta(minutes=2), 1), (now + timedelta(minutes=2), 0)):
        for _, rows in retention.outdated(before):
            list(retention.delete(rows))
        assert DeadLetter.objects.count() == left


def test_of_many_letters_the_newest_are_shown_and_none_is_counted(client: Client, log: Log) -> None:
    log.append(batch([danmaku(number, uid=2**63 + number) for number in range(31)]))
    sync.step(log.redis)
    said = part(page(client), "dead-letters")
    assert "These are the newest; there are more." in said
    assert said.count(TOO_BIG) == 30
