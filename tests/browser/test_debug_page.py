"""What a person sees on /live/debug/ while it looks again by itself."""

from playwright.sync_api import Page, expect

from tests.browser.test_live_page import PATIENCE
from tests.live_data.web_log import append
from tests.live_data.web_running import Web
from tests.made import danmaku_saying
from tests.valkey_process import ValkeyProcess


def _open(page: Page, live: Web) -> None:
    page.goto(f"{live.url}/live/debug/")
    expect(page.locator("#log")).to_contain_text("0 entries")


def test_it_looks_again_and_leaves_what_is_unfolded_and_typed(
    page: Page, live: Web, server: ValkeyProcess
) -> None:
    _open(page, live)
    page.locator("#tables summary").click()
    page.get_by_label("Pattern").fill("log:")
    append(server.url, [danmaku_saying("one more")])
    expect(page.locator("#log")).to_contain_text("1 entry", timeout=PATIENCE)
    expect(page.locator("#tables")).to_have_attribute("open", "")
    expect(page.get_by_label("Pattern")).to_have_value("log:")
    expect(page.get_by_label("Pattern")).to_be_focused()


def test_it_tells_when_redis_goes_and_when_it_is_back(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    server.stop()
    expect(page.locator("#redis")).to_contain_text("Redis does not answer", timeout=PATIENCE)
    server.start()
    expect(page.locator("#redis")).to_contain_text("Valkey", timeout=PATIENCE)


def test_it_says_that_it_is_not_answered(page: Page, live: Web) -> None:
    _open(page, live)
    page.route("**/live/debug/", lambda route: route.abort())
    expect(page.locator("#debug-said")).to_contain_text("does not answer", timeout=PATIENCE)
    page.unroute("**/live/debug/")
    expect(page.locator("#debug-said")).to_have_text("", timeout=PATIENCE)


def test_a_sync_by_hand_says_what_it_did(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    append(server.url, [danmaku_saying("by hand")])
    page.get_by_role("button", name="Sync now").click()
    expect(page.locator(".debug-messages")).to_contain_text("1 received, 1 stored", timeout=PATIENCE)
    expect(page.locator("#runs")).to_contain_text("by hand: all")


def test_on_a_phone_only_tables_scroll_sideways(page: Page, live: Web) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    _open(page, live)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
