"""`make screenshots`: real pictures of the real demo for the README, in both languages.

`python -m tests.browser.screenshots [--minutes 10] [--folder docs/screenshots]`. The demo runs for a while
first, so that charts have something to show.
"""

import argparse
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from runtime.setting_values import ROOT
from tests.browser.conftest import launched
from tests.browser.demo import Demo, demo
from tests.browser.walking import Dress, Place, Walker, places, walking

#: Pages for the README, none that shows a path of this machine; the phone shows the first page only.
SHOWN = ("dashboard", "danmaku", "gifts", "rooms", "room")
DESKS = (Dress("en", "light", 1440), Dress("zh-CN", "light", 1440))
PHONES = (Dress("en", "dark", 390), Dress("zh-CN", "dark", 390))
_SETTLED = 1500  # ms; charts and tiles are drawn by then


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the pictures that the README shows.")
    parser.add_argument("--minutes", type=float, default=10, help="how long the demo runs first (default 10)")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "screenshots")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as running:
        print(f"The demo runs for {given.minutes:g} minutes ...", flush=True)
        time.sleep(given.minutes * 60)
        take(running, given.folder)


def take(running: Demo, folder: Path) -> None:
    """All pictures, as `page-language.png` and `page-phone-language.png`."""
    by_name = {place.name: place for place in places(running)}
    with sync_playwright() as playwright, launched(playwright) as browser:
        for dress in (*DESKS, *PHONES):
            with walking(browser, running, dress) as walker:
                for name in SHOWN if dress in DESKS else SHOWN[:1]:
                    _take(walker, by_name[name], folder / _file(name, dress))


def _file(name: str, dress: Dress) -> str:
    phone = "-phone" if dress in PHONES else ""
    return f"{name}{phone}-{dress.language.partition('-')[0]}.png"


def _take(walker: Walker, place: Place, path: Path) -> None:
    walker.go(place)
    page: Page = walker.page
    page.wait_for_timeout(_SETTLED)
    page.screenshot(path=path)
    print(path.name, flush=True)


if __name__ == "__main__":
    main()
