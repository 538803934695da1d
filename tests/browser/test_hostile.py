"""Hostile text in every column of every table, and in every live event: shown, and nothing more."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from bilibili_live.events import AnyEvent
from runtime.setting_values import ROOT
from tests import databases
from tests.browser.hostile_rows import HOSTILE, LONG, PERSON
from tests.live_data.web_log import append
from tests.live_data.web_running import Web
from tests.made import AT, ROOM, danmaku, gift, guard, room_info, super_chat
from tests.valkey_process import ValkeyProcess

PATIENCE = 20_000  # ms
PAGES = [
    "/live/",
    "/live/danmaku/",
    "/live/gifts/",
    "/live/people/?q=window.hacked",
    f"/live/people/{PERSON}/",
    "/live/rooms/",
    f"/live/rooms/{ROOM}/",
    f"/live/rooms/{ROOM}/sessions/",
    "/live/debug/",
]
#: What is there without any text from outside.
INJECTED = (
    "main img, main svg:not(.sparkline), main script, main iframe, "
    "a[href^='javascript:'], [onerror], [onload]"
)
_TALLEST = (
    "Math.max(0, ...[...document.querySelectorAll('.line, tr, .room')].map((each) => each.offsetHeight))"
)


@pytest.fixture
def hostile(live: Web) -> Web:
    """The server, whose tables are full of it."""
    environ = {**os.environ, **databases.settings(live.data_dir)}
    subprocess.run([sys.executable, "-m", "tests.browser.hostile_rows"], cwd=ROOT, env=environ, check=True)
    return live


@pytest.fixture(autouse=True)
def _nothing_runs(page: Page) -> Iterator[None]:
    dialogs: list[str] = []
    foreign: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.on("request", lambda sent: foreign.append(sent.url) if "//127.0.0.1:" not in sent.url else None)
    yield
    assert not dialogs
    assert not [url for url in foreign if not url.startswith(("data:", "blob:", "about:"))]


def _is_calm(page: Page) -> None:
    assert page.evaluate("window.hacked") is None
    assert page.locator(INJECTED).count() == 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    assert page.evaluate(_TALLEST) < 1200, "5,000 characters take the page"
    assert "evil.example" not in page.title()


@pytest.mark.parametrize("width", [390, 1440])
def test_stored_text_is_only_text(page: Page, hostile: Web, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for address in PAGES:
        page.goto(hostile.url + address)
        shown = page.locator("main").get_by_text("window.hacked").first
        expect(shown, address).to_be_attached(timeout=PATIENCE)
        _is_calm(page)


def test_a_permalink_of_hostile_text_is_only_text(page: Page, hostile: Web) -> None:
    page.goto(f"{hostile.url}/live/danmaku/")
    page.locator(".line-permalink").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("window.hacked", timeout=PATIENCE)
    _is_calm(page)


def test_live_text_is_only_text(page: Page, live: Web, server: ValkeyProcess) -> None:
    for visit, address in enumerate(("/live/", "/live/danmaku/", f"/live/rooms/{ROOM}/")):
        page.goto(live.url + address)
        expect(page.locator("#stream-state")).to_have_attribute("data-state", "streaming", timeout=PATIENCE)
        append(server.url, _said(HOSTILE, visit), _said(LONG, visit))
        expect(page.locator("#danmaku .line")).to_have_count(2 * visit + 2, timeout=PATIENCE)
        _is_calm(page)


def _said(text: str, visit: int) -> list[AnyEvent]:
    """Of everything that lines show, once a visit."""
    number = 10 * visit + len(text)
    return [
        danmaku(
            number, ROOM, username=text, medal_name=text, message=text, sticker_url="javascript:", dm_type=1
        ),
        gift(number, ROOM, username=text, medal_name=text, gift_name=text),
        guard("toast", at=AT + number, username=text),
        super_chat(number),
        room_info(3, title=text, uname=text, face="javascript:window.hacked=1", area_name=text),
    ]
