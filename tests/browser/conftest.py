"""A real browser, and the page with a Valkey of its own. No browser is a failure, never a skip."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

import go
from tests.live_data.web_log import append
from tests.live_data.web_running import Web, web
from tests.made import ROOM, danmaku_saying
from tests.valkey_process import ValkeyProcess, valkey_process

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """An installed Chromium, else Playwright's own."""
    installed = next((found for name in go.CHROMIUM_NAMES if (found := shutil.which(name))), None)
    chromium = playwright.chromium.launch(executable_path=installed, args=FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright) as chromium:
        yield chromium


_wrong: list[str] = []


def watched(context: BrowserContext) -> Page:
    """A new tab whose failing scripts and broken policy fail the test."""
    page = context.new_page()
    page.on("pageerror", lambda error: _wrong.append(str(error)))
    page.on("console", lambda said: _wrong.append(said.text) if "Content Security" in said.text else None)
    return page


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when one of its scripts fails, or when it breaks its own policy."""
    _wrong.clear()
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en", timezone_id="Asia/Shanghai"
    )
    yield watched(context)
    context.close()
    assert not _wrong


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ValkeyProcess]:
    """A Valkey that the test may stop."""
    with valkey_process(tmp_path / "valkey") as running:
        yield running


@pytest.fixture
def live(tmp_path: Path, server: ValkeyProcess) -> Iterator[Web]:
    """The web server, watching one room whose log has begun and is in SQL up to here."""
    with web(tmp_path / "data", server.url) as running:
        running.synced_to(append(server.url, [danmaku_saying("before the page")]))
        running.watches(ROOM, "测试直播间")
        yield running
