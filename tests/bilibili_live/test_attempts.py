"""Which server and which token the next attempt takes."""

from bilibili_live.attempts import Attempts
from bilibili_live.errors import AuthRejected, ConnectionLost, RiskControl
from bilibili_live.events import Decoded, RoomState, Tally
from bilibili_live.rooms import DanmakuAccess, DanmakuHost
from tests.made import danmaku, room_state

HOSTS = [DanmakuHost(name, 2244, 443) for name in ("a", "b", "c")]
LOST = ConnectionLost("x")
SAID = Decoded(events=[danmaku(1)])


def attempts(start: int = 0) -> Attempts:
    made = Attempts(start, lambda: 1.0)
    made.access = access()
    return made


def access(hosts: list[DanmakuHost] = HOSTS) -> DanmakuAccess:
    return DanmakuAccess("token", 0, "buvid", hosts)


def servers(made: Attempts, times: int) -> str:
    """The names of the servers of so many attempts that all fail."""
    found = ""
    for _ in range(times):
        found += made.begin(access(), elsewhere="").host
        made.failed(LOST, loopback=True)
    return found


def test_servers_take_turns_and_rooms_begin_at_different_ones() -> None:
    assert servers(attempts(), 4) == "abca"
    assert servers(attempts(start=90_001), 4) == "bcab"


def test_the_server_of_another_connection_is_passed_over() -> None:
    assert attempts().begin(access(), elsewhere=HOSTS[0].address).host == "b"
    assert attempts().begin(access(), elsewhere=HOSTS[1].address).host == "a"
    assert attempts().begin(access(HOSTS[:1]), elsewhere=HOSTS[0].address).host == "a"


def test_a_token_that_worked_is_used_again_and_not_for_ever() -> None:
    made = attempts()
    kept = []
    for _ in range(3):
        made.begin(access(), elsewhere="")
        made.heard(SAID)
        made.failed(LOST, loopback=True)
        kept.append(made.access is not None)
    assert kept == [True, True, False]


def test_with_more_servers_it_is_used_once_for_each() -> None:
    made = Attempts(0, lambda: 1.0)
    made.access = many = access([DanmakuHost(str(number), 1, 1) for number in range(5)])
    for use in range(5):
        assert made.access is not None, use
        made.begin(many, elsewhere="")
        made.heard(SAID)
        made.failed(LOST, loopback=True)
    assert made.access is None


def test_a_refused_token_is_not_tried_again_even_after_messages() -> None:
    made = attempts()
    made.begin(access(), elsewhere="")
    made.heard(SAID)
    made.failed(AuthRejected("x"), loopback=True)
    assert made.access is None


def delays(made: Attempts, heard: Decoded | None, times: int = 3) -> list[float]:
    found = []
    for _ in range(times):
        made.begin(access(), elsewhere="")
        if heard is not None:
            made.heard(heard)
        found.append(made.failed(LOST, loopback=True))
    return found


def test_the_first_message_of_the_room_begins_the_back_off_anew() -> None:
    for heard in (SAID, Decoded(tally=Tally(ignored={"NOTICE_MSG": 1}))):
        assert delays(attempts(), heard) == [1, 1, 1]


def test_neither_silence_nor_the_notice_to_guests_nor_broken_bytes_do() -> None:
    notice = Decoded(events=[room_state(1, "login_notice")])
    assert isinstance(notice.events[0], RoomState)
    for heard in (None, notice, Decoded(tally=Tally(undecodable={"bad header": 1}))):
        made = attempts()
        assert delays(made, heard) == [1, 2, 4]
        assert made.access is None


def test_what_an_earlier_attempt_heard_does_not_count_for_the_next() -> None:
    made = attempts()
    made.begin(access(), elsewhere="")
    made.heard(SAID)
    made.failed(LOST, loopback=True)
    made.failed(LOST, loopback=True)  # not even connected
    assert made.access is None


def test_risk_control_is_waited_out_as_long_as_it_says() -> None:
    assert 100 < attempts().failed(RiskControl("x", -352, 100.0), loopback=False) < 150
