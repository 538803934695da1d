import pytest

from bilibili_live.api import RISK_PAUSE, RISK_PAUSE_LOOPBACK
from bilibili_live.errors import (
    AuthRejected,
    BilibiliError,
    ConnectionLost,
    RiskControl,
    RoomLocked,
    RoomNotFound,
    Unreachable,
)
from bilibili_live.retry import retry_delay


@pytest.mark.parametrize("error", [Unreachable("x"), ConnectionLost("x"), AuthRejected("x")])
def test_the_delay_doubles_to_five_minutes(error: BilibiliError) -> None:
    delays = [retry_delay(error, attempt, lambda: 1.0) for attempt in (0, 1, 2, 3, 8, 9, 10_000)]
    assert delays == [1, 2, 4, 8, 256, 300, 300]


def test_half_of_the_delay_is_left_to_chance() -> None:
    assert retry_delay(Unreachable("x"), 3, lambda: 0.0) == 4
    assert retry_delay(Unreachable("x"), 3, lambda: 0.5) == 6


@pytest.mark.parametrize("chance", [0.0, 0.999])
def test_risk_control_is_waited_out_for_longer_than_the_site_is_left_alone(chance: float) -> None:
    assert retry_delay(RiskControl("x"), 0, lambda: chance) > RISK_PAUSE
    assert retry_delay(RiskControl("x"), 0, lambda: chance, loopback=True) > RISK_PAUSE_LOOPBACK
    assert retry_delay(RiskControl("x"), 9, lambda: chance, loopback=True) < 10


@pytest.mark.parametrize("error", [RoomNotFound("x"), RoomLocked("x")])
def test_a_room_that_is_not_there_is_asked_for_once_an_hour(error: BilibiliError) -> None:
    assert 3600 <= retry_delay(error, 0, lambda: 0.9) < 4600
    assert 10 <= retry_delay(error, 0, lambda: 0.9, loopback=True) < 15
