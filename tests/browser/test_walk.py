"""The running demo as people use it: every page in every dress, and the ways through it."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import pseudo_locale
from tests.browser.demo import UNWATCHED, Demo, demo
from tests.browser.untranslated import untranslated
from tests.browser.walking import DRESSES, PATIENCE, Dress, Place, Walker, picture, places, walk, walking
from tests.live_data.web_running import web
from tests.runtime.running import wait_until

SCREENSHOTS = os.environ.get("SCREENSHOTS_DIR", "")
DESK = Dress("en", "light", 1440)
LINES = "#danmaku .line"
EMPTY = ("", "danmaku/", "gifts/", "rooms/", "debug/", "rooms/1/", "danmaku/?q=x&since=nonsense")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo(tmp_path_factory.mktemp("demo")) as everything:
        yield everything


@pytest.fixture
def walker(browser: Browser, running: Demo) -> Iterator[Walker]:
    with walking(browser, running, DESK) as tab:
        yield tab


def _streaming(page: Page) -> None:
    expect(page.locator("#stream-state")).to_have_attribute("data-state", "streaming", timeout=PATIENCE)


def _open(walker: Walker, path: str) -> Page:
    walker.page.goto(walker.home + path)
    _streaming(walker.page)
    return walker.page


@pytest.mark.parametrize("dress", DRESSES, ids=str)
def test_every_page_stands_in_every_dress(
    browser: Browser, running: Demo, dress: Dress, tmp_path: Path
) -> None:
    folder = Path(SCREENSHOTS) if SCREENSHOTS else tmp_path
    walk(browser, running, dress, picture(folder, dress))


def test_every_sentence_can_be_translated(browser: Browser, running: Demo, tmp_path: Path) -> None:
    redis_url = (running.data_dir / "redis.url").read_text(encoding="utf-8").strip()
    environ = pseudo_locale.environment(tmp_path)
    with web(running.data_dir, redis_url, **environ) as speaking:
        _says_nothing_else(browser, speaking.url, places(running))


def test_every_sentence_can_be_translated_where_nothing_is_there(browser: Browser, tmp_path: Path) -> None:
    environ = pseudo_locale.environment(tmp_path / "locale")
    empty = [Place(path, f"/live/{path}", "main h1, main h2") for path in EMPTY]
    with web(tmp_path / "data", "unix:///nowhere/valkey.sock", **environ) as speaking:
        _says_nothing_else(browser, speaking.url, empty)


def _says_nothing_else(browser: Browser, url: str, listed: list[Place]) -> None:
    context = browser.new_context(locale="en-XA", timezone_id="Asia/Shanghai")
    page = context.new_page()
    for place in listed:
        page.goto(url + place.path)
        page.locator(place.sign).first.wait_for(state="attached", timeout=PATIENCE)
        expect(page.locator("html")).to_have_attribute("lang", pseudo_locale.LANGUAGE)
        assert untranslated(page) == [], place.path
    context.close()


def test_a_room_is_added_and_its_danmaku_appear(walker: Walker) -> None:
    page = _open(walker, "/live/")
    page.get_by_label("Room number or address").fill(f"https://live.bilibili.com/{UNWATCHED}?spm=1")
    page.get_by_role("button", name="Watch").click()
    card = page.locator(f'#rooms a[href="/live/rooms/{UNWATCHED}/"]')
    card.click(timeout=PATIENCE)
    _streaming(page)
    expect(page.locator(LINES).first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#room-facts")).to_contain_text("Live")


def test_it_is_paused_and_goes_on_without_a_gap(walker: Walker, running: Demo) -> None:
    page = _open(walker, "/live/danmaku/")
    button = page.locator("#pause")
    button.click()
    before = page.locator(LINES).first.get_attribute("data-key")
    expect(button).to_contain_text("new", timeout=PATIENCE)
    assert page.locator(LINES).first.get_attribute("data-key") == before
    expect(button).to_contain_text(re.compile(r"\(([2-9]\d|\d{3,}) new"), timeout=PATIENCE)
    button.click()
    _holds_all_that_is_stored(page, running)


def test_words_and_rooms_are_found(walker: Walker) -> None:
    page = _open(walker, "/live/danmaku/")
    page.get_by_label("Word").fill("哈")
    page.get_by_role("button", name="Search").click()
    _streaming(page)
    expect(page.locator(LINES).first).to_be_visible(timeout=PATIENCE)
    assert all("哈" in text for text in page.locator(".line-text").all_text_contents())
    page.locator(".room-chooser summary").click()
    page.locator('.room-chooser input[value="90002"]').check()
    page.get_by_role("button", name="Search").click()
    _streaming(page)
    addresses = page.locator(".line-room").evaluate_all("(links) => links.map((link) => link.pathname)")
    assert set(addresses) <= {"/live/rooms/90002/"}


def test_a_permalink_is_followed(walker: Walker) -> None:
    page = _open(walker, "/live/danmaku/?q=%E4%B8%BB%E6%92%AD")
    line = page.locator(LINES).first
    line.wait_for(timeout=PATIENCE)
    page.locator("#pause").click()
    text = line.locator(".line-text").text_content() or ""
    line.locator(".line-permalink").click()
    expect(page.locator(".line.is-chosen .line-text")).to_have_text(text, timeout=PATIENCE)


def test_a_line_that_was_just_said_has_its_page_at_once(walker: Walker, running: Demo) -> None:
    page = _open(walker, "/live/danmaku/")
    first = page.locator(LINES).first
    before = first.get_attribute("data-key") or ""
    expect(first).not_to_have_attribute("data-key", before, timeout=PATIENCE)
    newest = first.get_attribute("data-key")
    assert page.request.get(f"{running.url}/live/danmaku/{newest}/").status == 200


def test_the_first_page_of_a_visitor_is_in_his_own_time(browser: Browser, running: Demo) -> None:
    context = browser.new_context(timezone_id="America/St_Johns")
    page = context.new_page()
    for path in ("/live/", "/live/gifts/"):
        page.goto(running.url + path)
        expect(page.locator("html")).to_have_attribute("data-time-zone", "America/St_Johns")
        expect(page.locator("footer")).to_contain_text("America/St_Johns")
    context.close()


def test_the_language_is_switched_and_remembered(walker: Walker) -> None:
    page = _open(walker, "/live/danmaku/")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page).to_have_url(f"{walker.home}/live/danmaku/")
    page = _open(walker, "/live/")
    expect(page.get_by_role("link", name="直播间", exact=True)).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_theme_is_switched_and_remembered(walker: Walker) -> None:
    page = _open(walker, "/live/")
    for theme in ("light", "dark"):
        page.locator("#theme").click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    page = _open(walker, "/live/danmaku/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("#theme").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


@pytest.mark.parametrize("command", ["bilibili_monitor.server", "valkey-server"])
def test_an_open_page_lives_through_a_kill_and_misses_nothing(
    browser: Browser, running: Demo, command: str
) -> None:
    with walking(browser, running, DESK) as tab:
        page = _open(tab, "/live/danmaku/")
        page.locator(LINES).first.wait_for(timeout=PATIENCE)
        victim = running.process(command)
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: _is_another(running, command, victim), f"{command} runs again")
        newest = page.locator(LINES).first.get_attribute("data-key") or ""
        expect(page.locator(LINES).first).not_to_have_attribute("data-key", newest, timeout=PATIENCE)
        _streaming(page)
        page.locator("#pause").click()
        _holds_all_that_is_stored(page, running)
        # While it is away the browser says so in the console; nothing else may be wrong.
        tab.wrong = [line for line in tab.wrong if "ERR_" not in line]


def _is_another(running: Demo, command: str, victim: int) -> bool:
    try:
        return running.process(command) != victim
    except ValueError:
        return False


def _holds_all_that_is_stored(page: Page, running: Demo) -> None:
    """Every stored line between the oldest and the newest that the page shows is there, once."""
    shown = page.locator(LINES).evaluate_all("(lines) => lines.map((line) => line.dataset.key)")
    assert len(shown) == len(set(shown))
    newest, oldest = max(shown), min(shown)
    wait_until(lambda: _stored(running, newest, newest) == [newest], "the newest line is stored")
    missing = set(_stored(running, oldest, newest)) - set(shown)
    assert missing == set()


def _stored(running: Demo, oldest: str, newest: str) -> list[str]:
    """The event_ids from one to the other, both among them."""
    found: list[str] = []
    cursor = ""
    while True:
        page = running.api(f"danmaku?limit=100{cursor}")
        found += [item["event_id"] for item in page["results"]]
        if page["next"] is None or found[-1] < oldest:
            return [each for each in found if oldest <= each <= newest]
        cursor = f"&cursor={page['next']}"
