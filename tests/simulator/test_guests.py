import asyncio
import base64
from collections.abc import Iterator

import pytest

from tests.simulator.wire import protobuf_fields, watching
from tests.simulator_process import SimulatorProcess

ACCOUNT = 987_654_321


@pytest.fixture
def masking() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "1", "--rate", "800", "--seed", "5", "--guests", "real") as simulator:
        yield simulator


async def test_guests_get_masked_names_and_a_tenth_of_the_chat(masking: SimulatorProcess) -> None:
    async with watching(masking.url, 90001, uid=ACCOUNT) as member, watching(masking.url, 90001) as guest:
        await asyncio.gather(member.read_until(300), guest.read_until(20))
        masking.fault(stop=True)
        masking.fault(cut="all")
        await asyncio.gather(member.read_all(), guest.read_all())
    assert guest.messages[0]["cmd"] == "LOG_IN_NOTICE"
    assert not member.of("LOG_IN_NOTICE")
    assert all(message["info"][2][0] == 0 for message in guest.of("DANMU_MSG"))
    assert all(message["info"][2][1].endswith("***") for message in guest.of("DANMU_MSG"))
    assert all(
        message["info"][2][0] and "***" not in message["info"][2][1] for message in member.of("DANMU_MSG")
    )
    assert len(guest.danmaku_ids()) < len(member.danmaku_ids()) / 4
    # Gifts are masked, but all of them come.
    assert guest.gift_ids() == member.gift_ids()


async def test_a_guests_protobuf_leaves_the_uid_out(masking: SimulatorProcess) -> None:
    async with watching(masking.url, 90001) as guest:
        await guest.read_until(5, "SEND_GIFT_V2")
    for message in guest.of("SEND_GIFT_V2"):
        fields = dict(protobuf_fields(base64.b64decode(message["data"]["pb"])))
        assert 1 not in fields
        assert str(fields[2], "utf-8").endswith("***")  # type: ignore[arg-type]  # a name is never a number


async def test_the_ledger_counts_only_what_guests_were_sent(masking: SimulatorProcess) -> None:
    async with watching(masking.url, 90001) as guest:
        await guest.read_until(20)
        masking.fault(cut="all")
        await guest.read_all()
    assert masking.totals()["danmaku"] == len(guest.danmaku_ids())


async def test_with_a_rate_guests_are_not_masked_unless_asked(lively: SimulatorProcess) -> None:
    async with watching(lively.url, 90001) as guest:
        await guest.read_until(30)
    assert all(message["info"][2][0] for message in guest.of("DANMU_MSG"))
    assert not guest.of("LOG_IN_NOTICE")


async def test_with_a_profile_guests_are_masked() -> None:
    with SimulatorProcess("--rooms", "1", "--profile", "big", "--speed", "60", "--seed", "5") as simulator:
        async with watching(simulator.url, 90001) as guest:
            await guest.read_until(1)
    assert guest.messages[0]["cmd"] == "LOG_IN_NOTICE"
    assert guest.of("DANMU_MSG")[0]["info"][2][0] == 0
