"""The page of one room: what happened to it is listed, and grows while one looks."""

from playwright.sync_api import Browser, Page, expect

from bilibili_live.events import RoomState
from tests import databases
from tests.live_data.web_log import append
from tests.live_data.web_running import Web
from tests.made import ROOM, room_state
from tests.valkey_process import ValkeyProcess

HOSTILE = "<img src=x onerror=alert(1)>\u202e" + "长" * 3000


def stored(live: Web, event: RoomState) -> None:
    """What the sync would have written."""
    row = (event.event_id, event.room_id, event.what, event.value, event.detail)
    with databases.opened(live.data_dir) as database:
        database.do(
            "INSERT INTO live_data_roomstatedata"
            " (event_id, room_id, what, value, detail, timestamp, received_at, parser_version)"
            " VALUES (?, ?, ?, ?, ?, '2026-09-21 12:00:00', '2026-09-21 12:00:00', 2)",
            [row],
        )


def test_what_happens_to_the_room_is_listed_at_once_and_hurts_nobody(
    page: Page, live: Web, server: ValkeyProcess
) -> None:
    stored(live, room_state(1, "warning", value=HOSTILE))
    page.goto(f"{live.url}/live/rooms/{ROOM}/")
    lines = page.locator("#happenings li")
    expect(lines).to_have_count(1)
    expect(lines.first).to_contain_text("Warned by the site")
    expect(page.locator("#stream-state")).to_contain_text("Receiving live")
    begun = room_state(2, "pk", value="5:101", detail="对手")
    stored(live, begun)
    append(server.url, [begun])
    expect(lines).to_have_count(2, timeout=20_000)
    expect(lines.first).to_contain_text("PK announced, against 对手")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_room_is_told_when_to_connect(browser: Browser, live: Web) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(f"{live.url}/live/rooms/{ROOM}/")
    page.get_by_label("Connect this room").select_option("live")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{live.url}/live/rooms/{ROOM}/#coverage")
    expect(page.get_by_label("Connect this room")).to_have_value("live")
    expect(page.get_by_role("heading", name="What happened to the room")).to_be_visible()
    expect(page.locator("canvas, .tiles, .feeds").locator("visible=true")).to_have_count(0)
    context.close()
