"""Whatever is heard of a room and corrected, in whatever steps: the sessions are those of a rebuild."""

import contextlib
import itertools
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from bilibili_live.events import AnyEvent
from live_data.models import LiveSession, SessionCorrection
from live_data.sessions import correcting, settling
from live_data.sessions.correcting import CorrectionRefused
from live_data.storing import events
from live_data.storing.events import Arrival
from tests.live_data.sessions.evenings import NOW, state
from tests.made import AT, ROOM, coverage, room_info

pytestmark = pytest.mark.django_db

_PAUSES = (1, 20, 60, 300, 700, 1200, 3600)  # s
_LATE = (0, 0, 0, 0, 500, 3600)


def _heard(chance: Random, now: int, begun: int, key: int) -> AnyEvent:
    """``begun``: s after AT, when the last stream began."""
    at = max(0, now - chance.choice(_LATE))
    kind = chance.random()
    if kind < 0.25:
        return state(at / 60, "live", chance.choice(("", f"k{key}", f"k{key + 1}")))
    if kind < 0.45:
        return state(at / 60, chance.choice(("preparing", "cut_off")))
    if kind < 0.8:
        since = AT + 1000 * chance.choice((begun, begun, now - chance.randint(0, 5000)))
        return room_info(now, live_status=chance.choice((0, 1, 1, 2)), live_since=chance.choice((0, since)))
    return coverage(at, chance.choice(("covered", "degraded", "blind")))


def _correct(chance: Random) -> None:
    sessions = list(LiveSession.objects.order_by("begin"))
    if not sessions:
        return
    session = chance.choice(sessions)
    at = session.begin + timedelta(seconds=chance.randint(-1000, 3000))
    ways: list[Callable[[], None]] = [
        lambda: correcting.split(session, at),
        lambda: correcting.merge_with_next(session),
        lambda: correcting.set_begin(session, at),
        lambda: correcting.set_end(session, at),
        lambda: _undo(chance),
    ]
    with contextlib.suppress(CorrectionRefused):
        chance.choice(ways)()


def _undo(chance: Random) -> None:
    active = list(SessionCorrection.objects.filter(undone_at=None).order_by("pk"))
    if active:
        correcting.undo(chance.choice(active))


def _sessions() -> list[tuple[object, ...]]:
    return list(LiveSession.objects.order_by("begin").values_list(*settling._DERIVED, "opened_at"))


@pytest.mark.parametrize("seed", range(40))
def test_the_steps_in_which_it_was_heard_decide_nothing(seed: int) -> None:
    chance = Random(seed)
    corrected = chance.choice((0.0, 0.15, 0.3))
    now = begun = key = 0
    for _ in range(chance.randint(5, 25)):
        now += chance.choice(_PAUSES)
        event = _heard(chance, now, begun, key)
        events.store([Arrival(event, 2)], NOW)
        if chance.random() < 0.5:
            settling.settle(ROOM)
        if event.at <= AT + now * 1000 and getattr(event, "what", "") == "live":
            begun, key = now, key + (chance.random() < 0.3)
        if chance.random() < corrected:
            _correct(chance)
    settling.settle(ROOM)
    found = _sessions()
    settling.settle(ROOM, settling.BEGINNING)
    assert _sessions() == found
    times = list(LiveSession.objects.order_by("begin").values_list("begin", "end"))
    assert all(end is None or begin <= end for begin, end in times)
    assert all(end is not None and end <= begin for (_, end), (begin, _) in itertools.pairwise(times))
