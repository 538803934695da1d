"""A room goes on air and off, and becomes another one, on demand."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.wire import watching
from tests.simulator_process import SimulatorProcess


@pytest.fixture(scope="module")
def site() -> Iterator[SimulatorProcess]:
    with SimulatorProcess("--rooms", "2", "--rate", "1", "--seed", "3") as simulator:
        yield simulator


def asked(site: SimulatorProcess, path: str) -> Any:
    with urllib.request.urlopen(site.url + path, timeout=20) as response:
        return json.load(response)


def room(site: SimulatorProcess) -> dict[str, Any]:
    path = "/xlive/web-room/v1/index/getRoomBaseInfo?req_biz=web_room_componet&room_ids=90001"
    found: dict[str, Any] = asked(site, path)["data"]["by_room_ids"]["90001"]
    return found


def guards(site: SimulatorProcess, query: str) -> Any:
    return asked(site, f"/xlive/app-room/v2/guardTab/topListNew?{query}")


def test_a_room_goes_off_air_and_on_again(site: SimulatorProcess) -> None:
    site.fault(on_air=0, room=90001)
    assert (room(site)["live_status"], room(site)["live_time"]) == (0, "0000-00-00 00:00:00")
    site.fault(on_air=1, room=90001, silent=True)
    assert room(site)["live_status"] == 1
    assert room(site)["live_time"] > "2026"


async def test_live_is_told_three_times_and_without_its_key_when_asked_for(site: SimulatorProcess) -> None:
    async with watching(site.url, 90001) as viewer:
        site.fault(on_air=1, room=90001)
        await viewer.read_until(3, "LIVE")
        site.fault(on_air=1, room=90001, keyless=True)
        await viewer.read_until(6, "LIVE")
    told = viewer.of("LIVE")
    assert ["live_time" in message for message in told] == [True, False, False] * 2
    assert ["live_key" in message for message in told] == [True] * 3 + [False] * 3


def test_a_room_gets_another_title_area_cover_and_other_figures(site: SimulatorProcess) -> None:
    changed = {
        "title": "新",
        "cover": "https://a/b.jpg",
        "area": [1, "唱见", 2, "电台"],
        "followers": 5,
        "guards": 31,
    }
    site.fault(change=changed, room=90001)
    found = room(site)
    assert [found[name] for name in ("title", "cover", "area_name", "parent_area_name", "attention")] == [
        "新",
        "https://a/b.jpg",
        "唱见",
        "电台",
        5,
    ]
    query = f"roomid=90001&ruid={found['uid']}&page=1&page_size=1&typ=5"
    assert guards(site, query)["data"]["info"]["num"] == 31


def test_the_guard_list_wants_the_long_id_and_its_anchor(site: SimulatorProcess) -> None:
    assert guards(site, "roomid=101&ruid=1&page=1")["code"] == -400


@pytest.mark.parametrize(
    "fault",
    [
        {"on_air": 3},
        {"on_air": True},
        {"on_air": "live"},
        {"change": {}},
        {"change": {"gold": 1}},
        {"change": {"title": 1}},
        {"change": {"guards": "1"}},
        {"change": {"area": ["a"]}},
        {"change": {"title": "x"}, "room": 4},
    ],
)
def test_what_is_no_state_of_a_room_is_refused(site: SimulatorProcess, fault: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="error"):
        site.fault(**fault)
