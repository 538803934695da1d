"""What a session had: counted by its span, kept when it is over, counted again when that changed."""

from dataclasses import asdict

import pytest

from live_data import retention
from live_data.models import LiveSession, SessionFigures
from live_data.queries import exact_counts
from live_data.queries.calendar import Stretch
from live_data.queries.exact_counts import Counts
from live_data.sessions import correcting, figures
from live_data.sessions.figures import Figures
from tests.live_data.sessions.evenings import CHAT, MINUTE, PAID, SESSION, at, said, state, store
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db


EXPECTED = Figures(
    counts=[5, 2, 1, 1, 2000, 30_000, 198_000],
    peak_danmaku=(AT + 10 * MINUTE - AT % MINUTE, 2),
    peak_gold=(AT + 40 * MINUTE - AT % MINUTE, 198_000),
    chatters=3,
    new_chatters=2,
    masked_chatters=1,
    payers=4,
    new_payers=4,
    masked_payers=0,
    medal_danmaku=3,
    guard_danmaku=2,
    medals=[("小电视", 2), ("别家", 1)],
    top_chatters=[(1, "人1", 2), (2, "人2", 1), (3, "人3", 1)],
    top_payers=[(7, "舰长", 198_000), (8, "老板", 30_000), (9, "观众720", 1500), (2, "观众660", 500)],
)


def _session() -> LiveSession:
    return LiveSession.objects.order_by("begin")[0]


def _kept() -> Figures | None:
    return figures.kept([_session()]).get(_session().pk)


def test_its_figures_are_those_of_its_span_to_the_millisecond() -> None:
    store([*SESSION, *CHAT, *PAID])
    session = _session()
    found = figures.count(ROOM, figures.stretch(session, session.begin))
    names = {name: value for name, value in asdict(EXPECTED).items() if name != "peak_danmaku"}
    assert {name: value for name, value in asdict(found).items() if name != "peak_danmaku"} == names
    assert found.sums.gold == 230_000


def test_what_is_off_air_is_counted_there() -> None:
    store([*SESSION, *CHAT, *PAID])
    before = exact_counts.counted(ROOM, Stretch(at(0), at(10)))
    behind = exact_counts.counted(ROOM, Stretch(at(60), at(100)))
    assert before == Counts(danmaku=1)
    assert behind == Counts(danmaku=1, gifts=1, gift_gold=700)


def test_they_are_kept_when_it_is_over_and_are_the_same_when_read_again() -> None:
    store([*SESSION, *CHAT, *PAID])
    assert _kept() is None
    assert figures.keep_due(60.0) == 1
    counted = figures.count(ROOM, figures.stretch(_session(), _session().begin))
    kept = _kept()
    assert kept is not None
    assert kept.sums == counted.sums
    assert [tuple(row) for row in kept.top_payers] == counted.top_payers
    assert figures.keep_due(60.0) == 0


def test_a_late_danmaku_within_it_lets_them_be_counted_again() -> None:
    store([*SESSION, *CHAT])
    figures.keep_due(60.0)
    store([said(45, 50)])
    assert _kept() is None
    assert figures.keep_due(60.0) == 1
    kept = _kept()
    assert kept is not None
    assert (kept.counts[0], kept.chatters) == (6, 4)


def test_a_name_that_takes_the_place_of_a_mask_does_so_too() -> None:
    store([*SESSION, *CHAT])
    figures.keep_due(60.0)
    store([said(30.5, 60, username="王小明")])
    figures.keep_due(60.0)
    kept = _kept()
    assert kept is not None
    assert (kept.chatters, kept.masked_chatters) == (4, 0)


def test_who_turns_out_to_have_been_there_before_is_no_longer_new() -> None:
    store([*SESSION, *CHAT])
    figures.keep_due(60.0)
    first = _kept()
    store([said(-3 * 24 * 60, 3)])
    figures.keep_due(60.0)
    kept = _kept()
    assert first is not None
    assert kept is not None
    assert kept.new_chatters == first.new_chatters - 1


@pytest.mark.parametrize("minutes_before", [1, 2 * 24 * 60])
def test_what_a_connected_room_sent_over_makes_nobody_known(minutes_before: int) -> None:
    store([*SESSION, *CHAT])
    new = figures.count(ROOM, figures.stretch(_session(), _session().begin)).new_chatters
    store([said(-minutes_before, 3, is_mirror=True)])
    assert figures.count(ROOM, figures.stretch(_session(), _session().begin)).new_chatters == new


def test_a_clean_up_within_it_lets_them_be_counted_again() -> None:
    store([*SESSION, *CHAT, *PAID])
    figures.keep_due(60.0)
    for _, outdated in retention.outdated(at(35)):
        list(retention.delete(outdated))
    figures.keep_due(60.0)
    kept = _kept()
    assert kept is not None
    assert kept.sums == figures.count(ROOM, figures.stretch(_session(), _session().begin)).sums
    assert kept.counts[0] < EXPECTED.counts[0]


def test_what_comes_late_off_air_does_not() -> None:
    store([*SESSION, *CHAT])
    figures.keep_due(60.0)
    store([said(120, 50)])
    assert _kept() is not None


def test_another_span_lets_them_be_counted_again() -> None:
    store([*SESSION, *CHAT])
    figures.keep_due(60.0)
    correcting.set_end(_session(), at(30))
    assert _kept() is None
    figures.keep_due(60.0)
    kept = _kept()
    assert kept is not None
    assert kept.counts[0] == 3


def test_one_that_goes_on_has_none() -> None:
    store([state(10, "live", "a"), *CHAT])
    assert not SessionFigures.objects.exists()
