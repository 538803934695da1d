"""What people may correct, and that it can be undone."""

import contextlib
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from live_data.models import LiveSession, SessionCorrection
from live_data.sessions import correcting, settling
from live_data.sessions.correcting import CorrectionRefused
from live_data.sessions.spans import Refusal
from tests.live_data.sessions.evenings import EVENING, SESSIONS, at, rows, state, store
from tests.made import ROOM

pytestmark = pytest.mark.django_db


def _session(number: int) -> LiveSession:
    return LiveSession.objects.order_by("begin")[number]


def test_a_session_is_split_and_whole_again_once_that_is_undone() -> None:
    store(EVENING)
    names = set(LiveSession.objects.values_list("session_id", flat=True))
    correcting.split(_session(0), at(60))
    assert rows() == [(0, "seen", 60, "corrected"), (60, "corrected", 90, "seen"), *SESSIONS[1:]]
    correcting.split(_session(1), at(70))
    assert [row[0] for row in rows()] == [0, 60, 70, 190, 500]
    for correction in SessionCorrection.objects.order_by("-pk"):
        correcting.undo(correction)
        correcting.undo(correction)
    assert rows() == SESSIONS
    assert set(LiveSession.objects.values_list("session_id", flat=True)) == names


def test_two_are_merged_with_what_lies_between_them() -> None:
    store(EVENING)
    correcting.merge_with_next(_session(0))
    assert rows() == [(0, "seen", 230, "inferred"), SESSIONS[2]]
    correcting.merge(_session(1), _session(0))
    assert rows() == [(0, "seen", 560, "seen")]


def test_edges_are_set_and_what_arrives_later_leaves_them() -> None:
    store(EVENING)
    correcting.set_end(_session(1), at(300))
    correcting.set_begin(_session(1), at(150))
    assert rows()[1] == (150, "corrected", 300, "corrected")
    store([state(310, "live", "z"), state(311, "preparing")])
    assert rows()[1:3] == [(150, "corrected", 300, "corrected"), (310, "seen", 311, "seen")]


def _effects() -> list[tuple[str, bool]]:
    """The latest first."""
    return [(each.correction.kind, each.has_effect) for each in correcting.active(ROOM)]


def test_a_correction_that_changes_nothing_is_listed_as_such() -> None:
    store(EVENING)
    assert _effects() == []
    correcting.set_begin(_session(1), at(150))
    correcting.split(_session(1), at(160))
    correcting.set_end(_session(2), at(300))
    correcting.set_end(_session(2), at(310))
    assert _effects() == [("end", True), ("end", False), ("split", True), ("begin", True)]
    correcting.undo(SessionCorrection.objects.get(kind="begin"))
    assert _effects() == [("end", False), ("end", False), ("split", False)]  # no session is at 160 any more


def test_what_a_later_correction_moved_has_an_effect_all_the_same() -> None:
    store(EVENING)
    correcting.split(_session(0), at(60))
    correcting.set_begin(_session(1), at(70))
    assert _effects() == [("begin", True), ("split", True)]


@pytest.mark.parametrize("seed", range(12))
def test_has_no_effect_means_that_undoing_it_changes_nothing(seed: int) -> None:
    dice = Random(seed)
    store(EVENING)
    for _ in range(6):
        session = dice.choice(LiveSession.objects.order_by("begin"))
        moment = at(dice.randrange(0, 600, 10))
        correct = dice.choice([correcting.split, correcting.set_begin, correcting.set_end, None])
        with contextlib.suppress(CorrectionRefused):
            correct(session, moment) if correct else correcting.merge_with_next(session)
    for correction, has_effect in correcting.active(ROOM):
        before = rows()
        SessionCorrection.objects.filter(pk=correction.pk).update(undone_at=moment)
        settling.settle(ROOM, settling.BEGINNING)
        assert has_effect or rows() == before
        SessionCorrection.objects.filter(pk=correction.pk).update(undone_at=None)
        settling.settle(ROOM, settling.BEGINNING)
        assert rows() == before


def test_sessions_of_two_rooms_are_never_merged() -> None:
    store([*EVENING, state(0, "live", "q", room_id=ROOM + 1)])
    other = LiveSession.objects.get(room_id=ROOM + 1)
    with pytest.raises(CorrectionRefused) as refused:
        correcting.merge(LiveSession.objects.filter(room_id=ROOM).latest("begin"), other)
    assert refused.value.why is Refusal.OTHER_ROOM
    assert not SessionCorrection.objects.exists()


@pytest.mark.parametrize("minute", [-10, 0, 90, 120])
def test_a_split_outside_of_the_session_changes_nothing(minute: float) -> None:
    store(EVENING)
    with pytest.raises(CorrectionRefused) as refused:
        correcting.split(_session(0), at(minute))
    assert refused.value.why is Refusal.OUTSIDE
    assert rows() == SESSIONS


def test_nothing_is_corrected_in_the_future() -> None:
    store([state(0, "live", "a")])
    with pytest.raises(CorrectionRefused) as refused:
        correcting.set_end(_session(0), datetime.now(UTC) + timedelta(minutes=1))
    assert refused.value.why is Refusal.NOT_YET


def test_the_last_one_has_none_to_be_merged_with() -> None:
    store(EVENING)
    with pytest.raises(CorrectionRefused) as refused:
        correcting.merge_with_next(_session(2))
    assert refused.value.why is Refusal.NOTHING_TO_MERGE
