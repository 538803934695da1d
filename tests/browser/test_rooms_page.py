"""What a person does on /live/rooms/: adds many, finds, pauses; and what is under the hands stays."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests import databases
from tests.live_data.web_running import Web, web
from tests.made import ROOM
from tests.simulator_process import SimulatorProcess
from tests.valkey_process import ValkeyProcess

PATIENCE = 20_000  # ms
HOSTILE = "<img src=x onerror=\"document.title = 'run'\">\u202e"


@pytest.fixture
def rooms(
    page: Page, tmp_path: Path, server: ValkeyProcess, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Web]:
    with SimulatorProcess("--rooms", "3", "--rate", "1", "--seed", "1") as site:
        monkeypatch.setenv("BILIBILI_URL", site.url)
        with web(tmp_path / "data", server.url) as running:
            running.watches(ROOM + 500, HOSTILE)
            page.goto(f"{running.url}/live/rooms/")
            yield running


def _refreshed(page: Page) -> None:
    with page.expect_response(re.compile("/live/rooms/table"), timeout=PATIENCE):
        pass


def test_rooms_are_added_one_by_one_before_ones_eyes(page: Page, rooms: Web) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if request.method == "POST" else None)
    page.fill("#id_rooms", f"90001\n【100】 https://b23.tv/sim90002 来\n{HOSTILE}\n404404404")
    page.click("#add-rooms button")
    expect(page.locator("#added li")).to_have_count(4, timeout=PATIENCE)
    expect(page.locator("#added li.is-accepted")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("#added li.is-refused")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("#added li").last).to_contain_text("does not exist")
    expect(page.locator("#add-progress")).to_have_text("2 of 4 rooms are watched.")
    expect(page.locator("tr[data-key='90002']")).to_be_visible(timeout=PATIENCE)
    assert [request.url.rpartition("/")[2] for request in asked] == ["split", "add", "add", "add"]
    assert "run" not in page.title()


def test_the_list_is_found_in_while_one_types(page: Page, rooms: Web) -> None:
    rooms.watches(ROOM + 501, "唱歌")
    row = page.locator(f"tr[data-key='{ROOM + 500}']")
    expect(row).to_be_visible()
    page.fill("#id_q", "唱")
    expect(page.locator(f"tr[data-key='{ROOM + 501}']")).to_be_visible(timeout=PATIENCE)
    expect(row).to_have_count(0)
    assert page.url.endswith("/live/rooms/?q=%E5%94%B1")
    expect(page.locator("#id_q")).to_be_focused()


def test_a_room_is_paused_and_resumed_in_place(page: Page, rooms: Web) -> None:
    page.fill("#id_rooms", "half typed")
    row = page.locator(f"tr[data-key='{ROOM + 500}']")
    row.get_by_text("Pause", exact=True).click()
    expect(row).to_contain_text("Paused", timeout=PATIENCE)
    row.get_by_text("Resume").click()
    expect(row.get_by_text("Pause", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#id_rooms")).to_have_value("half typed")


def test_what_is_under_the_hands_stays_while_the_list_is_refreshed(page: Page, rooms: Web) -> None:
    row = page.locator(f"tr[data-key='{ROOM + 500}']")
    row.locator("summary").click()
    with databases.opened(rooms.data_dir) as database:
        database.do("UPDATE live_data_liveroom SET title = 'other'")
    expect(row.locator(".line-room")).to_contain_text("other", timeout=PATIENCE)
    _refreshed(page)
    expect(row.locator("details")).to_have_attribute("open", "")
    expect(row.locator("summary")).to_be_focused()
    row.get_by_text("Remove", exact=True).click()
    expect(row).to_contain_text("Not watched any more", timeout=PATIENCE)


def test_a_page_that_does_not_answer_is_told_until_it_does(page: Page, rooms: Web) -> None:
    page.route("**/live/rooms/table*", lambda route: route.abort())
    expect(page.locator("#filter-said")).to_contain_text("not up to date", timeout=PATIENCE)
    page.unroute("**/live/rooms/table*")
    expect(page.locator("#filter-said")).to_have_text("", timeout=PATIENCE)
