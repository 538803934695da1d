"""Every page in every dress: both languages, both themes, a phone and a desk."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.demo import ADMIN, PASSWORD, Demo

PATIENCE = 20_000  # ms
LANGUAGES = ("en", "zh-CN")
THEMES = ("light", "dark")
SIZES = {390: 844, 1440: 900}  # px
_HIGHEST = 8000  # px of a picture


class Place(NamedTuple):
    """A page, and what is there as soon as it has begun to show something."""

    name: str
    path: str
    sign: str


class Dress(NamedTuple):
    """How a visitor comes."""

    language: str
    theme: str
    width: int

    def __str__(self) -> str:
        return f"{self.language.partition('-')[0]}-{self.theme}-{self.width}"


DRESSES = [Dress(*each) for each in product(LANGUAGES, THEMES, SIZES)]


def places(demo: Demo) -> list[Place]:
    """Every page, those with something wrong or nothing found among them."""
    line = demo.newest_danmaku()
    return [
        Place("dashboard", "/live/", "#danmaku .line"),
        Place("danmaku", "/live/danmaku/", "#danmaku .line"),
        Place("danmaku-search", "/live/danmaku/?q=%E5%93%88", "#danmaku"),
        Place("danmaku-nothing", "/live/danmaku/?q=nothing-has-this&until=2020-01-01", "#danmaku"),
        Place("danmaku-refused", "/live/danmaku/?since=2026-02-02&until=2026-01-01", ".field-error"),
        Place("danmaku-line", f"/live/danmaku/{line}/", ".line.is-chosen"),
        Place("danmaku-gone", f"/live/danmaku/{'0' * 32}/", "main h1"),
        Place("gifts", "/live/gifts/", "main table"),
        Place("gifts-refused", "/live/gifts/?since=2026-02-02&until=2026-01-01", ".field-error"),
        Place("people", "/live/people/", ".search-how"),
        Place("people-found", "/live/people/?q=%E5%B0%8F", "#people-heading"),
        Place("people-nothing", "/live/people/?q=nobody-is-called-so", "#people-heading"),
        Place("people-refused", "/live/people/?q=room:7", ".field-error"),
        Place("search", "/live/search/?q=%E5%B0%8F", "#hits"),
        Place("person", f"/live/people/{demo.newest_person()}/", "#person-lines .line"),
        Place("person-unknown", "/live/people/1/", "main h1"),
        Place("rooms", "/live/rooms/", "main table"),
        Place("room", "/live/rooms/90001/", "#danmaku .line"),
        Place("sessions", "/live/rooms/90001/sessions/", ".session-line"),
        Place("room-days", "/live/rooms/90001/days/", ".room-days table"),
        Place("room-days-refused", "/live/rooms/90001/days/?first=soon", ".field-error"),
        Place("session", f"/live/sessions/{demo.newest_session()}/", "main h1"),
        Place("session-unknown", "/live/sessions/nothing/", "main h1"),
        Place("room-unknown", "/live/rooms/404404/", "main h1"),
        Place("debug", "/live/debug/", "main table"),
    ]


ADMIN_PLACES = [
    Place("admin", "/admin/", "#content"),
    Place("admin-danmaku", "/admin/live_data/danmakudata/", "#result_list"),
    Place("admin-task", "/admin/live_data/monitoringtask/1/change/", "form"),
]


@dataclass
class Walker:
    """A visitor's tab, and what was wrong while it was open."""

    page: Page
    home: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))
        self.page.on("console", lambda said: self._note(f"{said.type}: {said.text}", said.type))
        self.page.on("request", lambda sent: self._note_request(sent.url))

    def go(self, place: Place) -> None:
        """Open it and wait until it shows something; what is wider than the screen is noted."""
        self.page.goto(self.home + place.path)
        self.page.locator(place.sign).first.wait_for(state="attached", timeout=PATIENCE)
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self._note("the page is wider than the screen")

    def _note(self, what: str, level: str = "error") -> None:
        # A page that says 404 or 400 in words is told by the console, too: that is no error of ours.
        if level in ("error", "warning") and "Failed to load resource" not in what:
            self.wrong.append(f"{self.page.url}: {what}")

    def _note_request(self, url: str) -> None:
        if not url.startswith((f"{self.home}/", "data:", "blob:")):
            self.wrong.append(f"{self.page.url}: asked {url}")


@contextmanager
def walking(browser: Browser, demo: Demo, dress: Dress) -> Iterator[Walker]:
    """A tab of its own; an AssertionError at the end when anything was wrong."""
    context = browser.new_context(
        viewport={"width": dress.width, "height": SIZES[dress.width]},
        locale=dress.language,
        color_scheme="dark" if dress.theme == "dark" else "light",
        timezone_id="Asia/Shanghai",
    )
    walker = Walker(context.new_page(), demo.url)
    yield walker
    context.close()
    assert not walker.wrong, walker.wrong[:5]


def walk(browser: Browser, demo: Demo, dress: Dress, seen: Callable[[Place, Page], None]) -> None:
    """Every page in this dress; ``seen`` gets each one as it stands there."""
    with walking(browser, demo, dress) as walker:
        for place in places(demo):
            walker.go(place)
            seen(place, walker.page)
        log_in(walker.page.context, demo)
        for place in ADMIN_PLACES:
            walker.go(place)
            seen(place, walker.page)


def log_in(context: BrowserContext, demo: Demo) -> None:
    """Into the admin."""
    page = context.new_page()
    page.goto(f"{demo.url}/admin/login/?next=/admin/")
    page.locator("#id_username").fill(ADMIN)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("[type=submit]").click()
    page.locator("#user-tools").wait_for(timeout=PATIENCE)
    page.close()


def picture(folder: Path, dress: Dress) -> Callable[[Place, Page], None]:
    """Keeps what is seen as a PNG."""
    folder.mkdir(parents=True, exist_ok=True)

    def keep(place: Place, page: Page) -> None:
        # As high as the page is: lines below the screen are not drawn before they are seen.
        height = min(page.evaluate("document.documentElement.scrollHeight"), _HIGHEST)
        page.set_viewport_size({"width": dress.width, "height": max(height, SIZES[dress.width])})
        page.screenshot(path=folder / f"{place.name}-{dress}.png")
        page.set_viewport_size({"width": dress.width, "height": SIZES[dress.width]})

    return keep
