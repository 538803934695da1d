"""Since when a lost connection may be missing something."""

from bilibili_live.events import Danmaku, Gauge
from bilibili_live.protocol.packets import AUTH_REPLY, HEARTBEAT_REPLY, MESSAGE, pack
from collector.attention import LONGEST_LAG, Attention
from collector.evidence import Evidence
from tests.made import AT, danmaku, gauge, guard

LET_IN = pack(AUTH_REPLY, b'{"code":0}')
BEAT = pack(HEARTBEAT_REPLY, b"\0\0\0\1")
SAID = pack(MESSAGE, b"{}")
DAY = 86_400_000
HOUR = 3_600_000


def heard(*frames: tuple[bytes, int, Danmaku | Gauge | None], connection: int = 1) -> Evidence:
    """(frame, received at in ms after AT, the event in it)."""
    attention = Attention()
    evidence = Evidence(attention)
    attention.at(AT)
    before = 0
    for frame, after, event in frames:
        if after - before < HOUR:  # else the machine slept
            for moment in range(before, after, 1_000):
                attention.at(AT + moment)
        attention.at(AT + after)
        before = after
        evidence.frame(frame, AT + after, connection)
        evidence.events([event] if event else [], AT + after)
    return evidence


def test_a_frame_that_waited_for_us_proves_only_its_own_time() -> None:
    evidence = heard((LET_IN, 0, None), (SAID, 9_000, danmaku(2_000)))
    assert evidence.end(AT + 20_000) == AT + 2_000


def test_a_heartbeats_answer_is_younger_than_the_answer_before_it() -> None:
    evidence = heard((LET_IN, 0, None), (BEAT, 10, None), (BEAT, 30_020, None))
    assert evidence.end(AT + 50_000) == AT + 10


def test_an_event_of_our_own_time_proves_nothing() -> None:
    sample = gauge(70, 5)
    evidence = heard((LET_IN, 0, None), (SAID, 70_000, sample))
    assert evidence.end(AT + 90_000) == AT + 70_000 - LONGEST_LAG


def test_a_site_whose_clock_is_a_day_off_blinds_no_day() -> None:
    behind = heard((LET_IN, 0, None), (SAID, 100_000, danmaku(-DAY)))
    assert behind.end(AT + 110_000) == AT + 100_000 - LONGEST_LAG
    ahead = heard((LET_IN, 0, None), (SAID, 100_000, danmaku(DAY)))
    assert ahead.end(AT + 110_000) == AT + 100_000 - LONGEST_LAG


def test_an_event_of_our_future_proves_nothing_and_takes_back_nothing() -> None:
    evidence = heard((LET_IN, 0, None), (SAID, 9_000, danmaku(8_000)), (SAID, 9_100, danmaku(9_150)))
    assert evidence.end(AT + 20_000) == AT + 8_000


def test_the_begin_of_a_guard_is_not_when_it_was_told() -> None:
    evidence = heard((LET_IN, 0, None), (SAID, 9_000, danmaku(8_000)))
    evidence.events([guard("toast", AT + 9_050)], AT + 9_100)
    assert evidence.end(AT + 20_000) == AT + 8_000


def test_a_site_whose_clock_is_known_to_be_ahead_is_believed_by_so_much_less() -> None:
    attention = Attention()
    evidence = Evidence(attention, lambda: 700)
    attention.at(AT)
    evidence.frame(LET_IN, AT, 1)
    evidence.events([danmaku(9_500)], AT + 9_000)
    assert evidence.end(AT + 20_000) == AT + 8_800


def test_an_older_event_takes_back_nothing() -> None:
    evidence = heard((LET_IN, 0, None), (SAID, 9_000, danmaku(8_000)), (SAID, 9_100, danmaku(1_000)))
    assert evidence.end(AT + 20_000) == AT + 8_000


def test_each_connection_has_its_own_evidence() -> None:
    evidence = heard((LET_IN, 0, None), (SAID, 9_000, danmaku(8_000)))
    evidence.frame(LET_IN, AT + 30_000, 2)
    assert evidence.end(AT + 31_000, 2) == AT - 30_000
    assert evidence.end(AT + 31_000, 3) == AT + 31_000  # one that was never let in


def test_a_clock_that_was_set_back_ends_nothing_in_the_future() -> None:
    evidence = heard((LET_IN, 0, None), (SAID, 9_000, danmaku(8_000)))
    evidence.frame(SAID, AT + 9_100 - DAY, 1)
    assert evidence.end(AT + 9_200 - DAY) <= AT + 9_200 - DAY


def test_a_frame_of_before_a_sleep_that_is_read_behind_it_proves_nothing_of_the_sleep() -> None:
    asleep, awake = 32_000, 32_000 + DAY // 3
    waking = heard(
        (LET_IN, 0, None), (BEAT, 1_000, None), (BEAT, 31_000, None), (SAID, awake, danmaku(asleep))
    )
    assert waking.end(AT + awake + 100) == AT + asleep
    said_nothing = heard((LET_IN, 0, None), (BEAT, 31_000, None), (SAID, awake, None))
    assert said_nothing.end(AT + awake + 100) <= AT + 31_000


def test_a_while_after_a_sleep_frames_are_fresh_again() -> None:
    attention = Attention()
    for now in (AT, AT + DAY, AT + DAY + LONGEST_LAG - 1, AT + DAY + LONGEST_LAG):
        attention.at(now)
    assert attention.oldest(AT + DAY + LONGEST_LAG - 1) == AT - LONGEST_LAG
    assert attention.oldest(AT + DAY + LONGEST_LAG) == AT + DAY
    attention.at(AT + 5)  # set back
    assert attention.oldest(AT + 10) == AT + 10 - LONGEST_LAG
