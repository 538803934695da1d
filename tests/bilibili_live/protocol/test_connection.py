import itertools
import json
import struct

import pytest

from bilibili_live.errors import AuthRejected, ConnectionLost, ConnectionSilent
from bilibili_live.protocol.connection import (
    AUTH_TIMEOUT,
    HEARTBEAT_INTERVAL,
    SILENCE,
    TRANSITIONS,
    Connection,
    Credentials,
    Happening,
    Received,
    State,
)
from bilibili_live.protocol.packets import (
    AUTH,
    AUTH_REPLY,
    HEARTBEAT,
    HEARTBEAT_REPLY,
    MESSAGE,
    Messages,
    pack,
    unpack,
)

WHO = Credentials(room_id=90001, uid=0, token="secret", buvid="BUVID3")
ACCEPTED = pack(AUTH_REPLY, b'{"code":0}')
ALIVE = struct.pack(">IHHIII", 20, 16, 1, HEARTBEAT_REPLY, 0, 1)


def live(now: float = 0.0) -> Connection:
    connection = Connection(WHO, now)
    connection.bytes_to_send(now)
    connection.receive(ACCEPTED, now)
    return connection


def operations(sent: bytes) -> list[int]:
    return [packet.operation for packet in unpack(sent).packets]


def test_the_first_packet_says_who_we_are() -> None:
    connection = Connection(WHO, 0.0)
    ((packet,), _) = unpack(connection.bytes_to_send(0.0))
    assert packet.operation == AUTH
    assert json.loads(packet.body) == {
        "uid": 0,
        "roomid": 90001,
        "protover": 3,
        "platform": "web",
        "type": 2,
        "key": "secret",
        "buvid": "BUVID3",
    }


def test_nothing_is_said_between_the_authentication_and_its_answer() -> None:
    connection = Connection(WHO, 0.0)
    connection.bytes_to_send(0.0)
    assert connection.bytes_to_send(0.0) == b""
    assert connection.bytes_to_send(AUTH_TIMEOUT - 0.1) == b""


def test_the_first_heartbeat_goes_out_right_after_the_answer_and_then_every_30_s() -> None:
    connection = Connection(WHO, 0.0)
    connection.bytes_to_send(0.0)
    assert connection.receive(ACCEPTED, 3.0).accepted
    assert connection.next_deadline == 3.0
    assert operations(connection.bytes_to_send(3.0)) == [HEARTBEAT]
    assert connection.bytes_to_send(3.0) == b""
    assert connection.next_deadline == 3.0 + HEARTBEAT_INTERVAL
    connection.receive(ALIVE, 32.0)
    assert connection.bytes_to_send(32.9) == b""
    assert operations(connection.bytes_to_send(33.0)) == [HEARTBEAT]


def test_a_late_heartbeat_is_sent_once_and_not_made_up_for() -> None:
    connection = live()
    connection.bytes_to_send(0.0)
    connection.receive(ALIVE, 60.0)
    assert operations(connection.bytes_to_send(65.0)) == [HEARTBEAT]
    assert connection.bytes_to_send(65.0) == b""


def bodies(received: Received) -> list[bytes]:
    return [body for part in received.parts if isinstance(part, Messages) for body in part.bodies()]


def test_messages_come_out_and_control_packets_do_not() -> None:
    received = live().receive(pack(MESSAGE, b"{}", 0) + ALIVE, 1.0)
    assert bodies(received) == [b"{}"]
    assert not received.accepted


def test_broken_packets_are_counted_and_the_connection_lives_on() -> None:
    connection = live()
    assert connection.receive(pack(MESSAGE, b"{}", 9) + b"rest", 1.0).faults == {
        "unknown version": 1,
        "truncated packet": 1,
    }
    assert connection.state is State.LIVE


def test_a_message_that_overtakes_the_answer_is_kept() -> None:
    connection = Connection(WHO, 0.0)
    connection.bytes_to_send(0.0)
    received = connection.receive(pack(MESSAGE, b"{}", 0) + ACCEPTED, 1.0)
    assert received.accepted
    assert bodies(received) == [b"{}"]


@pytest.mark.parametrize("body", [b'{"code":-101}', b"", b"no", b"[]", b'{"code":null}'])
def test_any_other_answer_is_a_rejection(body: bytes) -> None:
    connection = Connection(WHO, 0.0)
    connection.bytes_to_send(0.0)
    with pytest.raises(AuthRejected):
        connection.receive(pack(AUTH_REPLY, body), 1.0)
    assert connection.state is State.CLOSED


def test_a_server_that_does_not_answer_the_authentication_is_given_up_whatever_else_it_says() -> None:
    connection = Connection(WHO, 0.0)
    connection.bytes_to_send(0.0)
    connection.receive(pack(MESSAGE, b"{}", 0), AUTH_TIMEOUT - 1)
    assert connection.next_deadline == AUTH_TIMEOUT
    with pytest.raises(ConnectionSilent):
        connection.bytes_to_send(AUTH_TIMEOUT)


def test_a_silent_server_is_gone_after_70_s_and_not_before() -> None:
    connection = live()
    for now in (0.0, 30.0, 60.0):
        connection.bytes_to_send(now)
    assert connection.next_deadline == SILENCE
    assert connection.bytes_to_send(SILENCE - 0.1) == b""
    with pytest.raises(ConnectionSilent):
        connection.bytes_to_send(SILENCE)
    assert connection.state is State.CLOSED


@pytest.mark.parametrize("sound", [ALIVE, b"rest", pack(MESSAGE, b"{}", 0)])
def test_any_byte_is_a_sign_of_life(sound: bytes) -> None:
    connection = live()
    connection.receive(sound, 60.0)
    connection.bytes_to_send(100.0)
    connection.heard(120.0)
    connection.bytes_to_send(180.0)
    with pytest.raises(ConnectionSilent):
        connection.bytes_to_send(120.0 + SILENCE)


def test_a_server_that_speaks_first_is_not_one_of_the_sites() -> None:
    with pytest.raises(ConnectionLost):
        Connection(WHO, 0.0).receive(ALIVE, 0.0)


def test_a_closed_connection_takes_and_gives_nothing() -> None:
    connection = live()
    connection.close()
    assert connection.bytes_to_send(10.0) == b""
    with pytest.raises(ConnectionLost):
        connection.receive(ALIVE, 10.0)


def test_the_table_leads_out_of_closed_nowhere_and_lets_only_an_answer_in() -> None:
    for state, happening in itertools.product(State, Happening):
        target = TRANSITIONS.get((state, happening))
        assert state is not State.CLOSED or target is None
        assert target is not State.LIVE or state is State.LIVE or happening is Happening.ACCEPTED
