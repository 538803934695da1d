"""That sentences never marked for translation are noticed, and the language in which they are."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import pseudo_locale
from tests.browser.untranslated import untranslated
from tests.live_data.web_running import Web, web

MARKED = """
<title>⟦Monitor⟧ 3</title>
<h1 title="⟦of the page⟧">⟦Rooms⟧ 12</h1>
<p>⟦Times are those of <bdi translate="no">Asia/Shanghai</bdi>.⟧</p>
<p>⟦Room ⟦named⟧ so⟧ × 1,234 — ¥5.00 ✓</p>
<p translate="no">data <span title="data">data</span></p>
<p><code translate="no">make demo</code> <time title="Asia/Shanghai">2026-10-01 8 h</time></p>
<p hidden>not shown</p>
<details><summary>⟦More⟧</summary>⟦closed⟧</details>
<select aria-label="⟦Room⟧"><option>⟦All⟧</option><option translate="no">阿狸</option></select>
<form>
  <input value="typed" placeholder="⟦Search⟧"><textarea>typed</textarea><input type="submit" value="⟦Go⟧">
</form>
<script>const words = "none";</script><style>p { margin: 0 }</style><template>none</template>
"""

UNMARKED = {
    "<p>Hello</p>": ["p: Hello"],
    "<p>弹幕</p>": ["p: 弹幕"],
    "<p id=a>⟦Rooms⟧ in all</p>": ["p#a: in all"],
    "<p>one ⟦two⟧ three</p>": ["p: one  three"],
    "<p>⟦a <b>b</b> c⟧ <i>d</i></p>": ["i: d"],
    '<p title="Hello"></p>': ["title of p: Hello"],
    "<input placeholder='Search'>": ["placeholder of input: Search"],
    "<button aria-label='Close'>×</button>": ["aria-label of button: Close"],
    "<img alt='a picture'>": ["alt of img: a picture"],
    "<input type=submit value=Go>": ["value of input: Go"],
    "<input type=submit>": [],
    "<select><option>All<option label=None></select>": ["option: All", "label of option: None"],
    "<details><summary>⟦More⟧</summary>closed</details>": ["details: closed"],
    "<p translate=no>data <b translate=yes>words</b></p>": ["b: words"],
    "<p>⟦cut off</p><p>swallowed</p>": ["body: 1 of its sentences never end"],
    "<p>cut⟧ off</p>": ["cut⟧ off: ends what never began", "p: cut off"],
    "<title>Page</title>": ["title: Page"],
    "<title translate=no>阿狸</title>": [],
    '<p title="⟦cut"></p>': ["title of p: never ends: ⟦cut"],
}


@pytest.fixture
def pseudo(tmp_path: Path, redis_url: str) -> Iterator[Web]:
    """The web server, speaking the pseudo-locale to who asks for it."""
    with web(tmp_path / "data", redis_url, **pseudo_locale.environment(tmp_path / "locale")) as running:
        yield running


def test_what_is_marked_and_what_is_data_is_no_finding(page: Page) -> None:
    page.set_content(MARKED)
    assert untranslated(page) == []


@pytest.mark.parametrize("content", UNMARKED)
def test_what_is_not_marked_is_found_with_its_place(page: Page, content: str) -> None:
    page.set_content(content)
    assert untranslated(page) == UNMARKED[content]


def test_every_sentence_is_wrapped_with_its_placeholders_in_both_numbers(tmp_path: Path) -> None:
    pseudo_locale.write(tmp_path)
    with (tmp_path / "en_XA" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        known = gettext.GNUTranslations(file)
    assert known.gettext("%(room)s was never watched here") == "⟦%(room)s was never watched here⟧"
    forms = ("Collector: %(rooms)d room", "Collector: %(rooms)d rooms")
    assert [known.ngettext(*forms, number) for number in (1, 2)] == [f"⟦{form}⟧" for form in forms]
    assert known.gettext("This field is required.") == "⟦This field is required.⟧"  # Django's own


@pytest.mark.parametrize("way", ["header", "cookie"])
def test_a_browser_gets_the_pseudo_locale_as_its_own_language_or_by_the_cookie(
    browser: Browser, pseudo: Web, way: str
) -> None:
    context = browser.new_context(locale="en-XA" if way == "header" else "zh-CN", timezone_id="Asia/Shanghai")
    if way == "cookie":
        context.add_cookies([{"name": "language", "value": pseudo_locale.LANGUAGE, "url": pseudo.url}])
    page = context.new_page()
    page.goto(f"{pseudo.url}/live/danmaku/")
    expect(page.locator("html")).to_have_attribute("lang", pseudo_locale.LANGUAGE)
    expect(page).to_have_title(re.compile("⟦Bilibili Live Monitor⟧"))
    context.close()
