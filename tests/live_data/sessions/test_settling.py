"""Stored sessions follow what was stored: through log and sync, in any order, after any crash."""

import threading
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from bilibili_live.events import AnyEvent, event_id
from live_data import retention
from live_data.instants import moment
from live_data.models import LiveRoom, LiveSession, PolledState, SessionCorrection, UnsettledRoom
from live_data.scheduler import Scheduler
from live_data.sessions import settling
from live_data.storing import events
from live_data.storing.events import Arrival
from tests.live_data.conftest import Log, with_settings
from tests.live_data.sessions.evenings import EVENING, MINUTE, NOW, SESSIONS, poll, rows, state, store
from tests.made import AT, ROOM, batch, room_info

pytestmark = pytest.mark.django_db


def test_an_evening_of_drops_polls_and_lost_connections_is_told_as_it_was() -> None:
    store(EVENING)
    assert rows() == SESSIONS
    first = LiveSession.objects.order_by("begin")[0]
    assert [part[:2] for part in first.streams] == [
        [AT, AT + 30 * MINUTE],
        [AT + 33 * MINUTE, AT + 90 * MINUTE],
    ]
    assert first.live_key == "a"
    assert not UnsettledRoom.objects.exists()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_arrives_first_the_same_sessions_are_stored_under_the_same_names(seed: int) -> None:
    store(EVENING)
    columns = ("begin", "begin_by", "end", "end_by", "live_key", "streams")
    expected = list(LiveSession.objects.order_by("begin").values_list(*columns))
    shuffled = list(EVENING)
    Random(seed).shuffle(shuffled)
    for event in shuffled:
        store([event.__class__(**{**_fields(event), "room_id": ROOM + 1, "event_id": _renamed(event)})])
    found = LiveSession.objects.filter(room_id=ROOM + 1).order_by("begin")
    assert list(found.values_list(*columns)) == expected
    assert [bytes(row.session_id) for row in found] == [
        settling.session_id(ROOM + 1, round(row.opened_at.timestamp() * 1000)) for row in found
    ]


def _fields(event: AnyEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}


def _renamed(event: AnyEvent) -> bytes:
    return event_id(event.at, ROOM + 1, event.kind, repr(event)) if event.event_id else b""


def test_deriving_all_of_them_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for event in EVENING:
        store([event])
    before = list(LiveSession.objects.values())
    call_command("rebuild_sessions")
    assert "1 rooms, 0 sessions differed." in capsys.readouterr().out
    assert list(LiveSession.objects.values()) == before


def test_what_was_stored_wrongly_is_put_right_under_its_old_name(capsys: pytest.CaptureFixture[str]) -> None:
    store(EVENING)
    kept = dict(LiveSession.objects.values_list("session_id", "pk"))
    LiveSession.objects.filter(begin=moment(AT)).update(end=None)
    call_command("rebuild_sessions", "--room", str(ROOM))
    assert f"room {ROOM}: 0 new, 1 changed, 0 gone" in capsys.readouterr().out
    assert rows() == SESSIONS
    assert dict(LiveSession.objects.values_list("session_id", "pk")) == kept


def test_another_grace_time_holds_after_a_rebuild(settings: Any) -> None:
    store(EVENING)
    with_settings(settings, session_grace=60)
    call_command("rebuild_sessions")
    assert [row[:3:2] for row in rows()][:2] == [(0, 30), (33, 90)]


def test_a_session_has_the_title_of_its_begin() -> None:
    store([poll(-5, title="昨天")])
    store([state(0, "live", "a"), poll(10, 0, title="今天"), state(60, "preparing")])
    assert LiveSession.objects.get().title == "昨天"


def test_a_title_that_was_only_told_later_is_better_than_none() -> None:
    store([state(0, "live", "a")])
    store([state(60, "preparing"), state(200, "live", "b"), state(260, "preparing"), state(400, "live", "c")])
    store([poll(410, 400, title="今天")])
    assert [row.title for row in LiveSession.objects.all()] == ["今天"] * 3


def test_polls_between_two_alike_are_thinned_out_after_a_day() -> None:
    store([state(0, "live", "a"), *(poll(minute, 0) for minute in range(10, 100, 10)), poll(100)])
    store([poll(110)])
    times = PolledState.objects.order_by("timestamp").values_list("timestamp", flat=True)
    assert [(time - moment(AT)) / timedelta(minutes=1) for time in times] == [10, 90, 100, 110]
    assert rows() == [(0, "seen", 100, "inferred")]


def test_a_crash_while_settling_leaves_the_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    events.store([Arrival(event, 2) for event in EVENING], NOW)

    def crash(*_: object) -> None:
        raise DatabaseError("killed")

    monkeypatch.setattr(settling, "_thin_out", crash)
    with pytest.raises(DatabaseError):
        settling.settle_marked(60.0)
    assert not LiveSession.objects.exists()
    monkeypatch.undo()
    settling.settle_marked(60.0)
    assert rows() == SESSIONS


def test_a_room_that_cannot_be_settled_does_not_keep_the_others_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events.store([Arrival(event, 2) for event in [*EVENING, state(5, "live", "z", room_id=2)]], NOW)
    settle = settling.settle

    def odd(room_id: int) -> settling.Settled:
        if room_id == ROOM:
            raise LookupError("odd")
        return settle(room_id)

    with monkeypatch.context() as patch:
        patch.setattr(settling, "settle", odd)
        settling.settle_marked(60.0)
    assert set(LiveSession.objects.values_list("room_id", flat=True)) == {2}
    settling.settle_marked(60.0)
    assert rows()[0][0] == 0


def test_a_clean_up_leaves_what_a_session_that_stays_was_derived_from() -> None:
    store(EVENING)
    before = moment(AT + 60 * MINUTE)
    for _, outdated in retention.outdated(before):
        list(retention.delete(outdated))
    call_command("rebuild_sessions")
    assert rows() == SESSIONS
    for _, outdated in retention.outdated(moment(AT + 100 * MINUTE)):
        list(retention.delete(outdated))
    call_command("rebuild_sessions")
    assert rows() == SESSIONS[1:]


def test_corrections_hold_for_what_arrives_later() -> None:
    store(EVENING)
    room = LiveRoom.objects.get(room_id=ROOM)
    at = moment(AT + 60 * MINUTE)
    SessionCorrection.objects.create(room=room, kind="split", anchor=moment(AT), at=at)
    settling.settle(ROOM, moment(AT))
    split = [(0, "seen", 60, "corrected"), (60, "corrected", 90, "seen"), *SESSIONS[1:]]
    assert rows() == split
    store([state(570, "live", "c"), state(580, "preparing"), poll(50, 33), state(0.5, "live", "a")])
    assert rows()[:4] == [*split[:3], (500, "seen", 580, "seen")]
    call_command("rebuild_sessions")
    assert rows()[:4] == [*split[:3], (500, "seen", 580, "seen")]


def test_the_scheduler_settles_what_it_synced(log: Log) -> None:
    log.append(batch(EVENING))
    Scheduler(1.0, threading.Event(), print).turn()
    assert rows() == SESSIONS


def test_sessions_before_all_answers_have_the_title_of_the_first_in_whatever_order_they_come() -> None:
    for number in range(5):
        evening = [state(60 * number, "live"), state(60 * number + 20, "preparing")]
        store(evening)
    store([room_info(400 * 60, title="新", live_status=0)])
    store([room_info(390 * 60, title="旧", live_status=0)])
    assert set(LiveSession.objects.values_list("title", flat=True)) == {"旧"}
