"""What a person sees on /live/danmaku/: lines as they are said, held while he reads, chosen, linked."""

from collections.abc import Sequence

from playwright.sync_api import Page, expect

from bilibili_live.events import Danmaku
from live_data.instants import moment
from tests import databases
from tests.browser.conftest import watched
from tests.live_data.web_log import append
from tests.live_data.web_running import Web
from tests.made import ROOM, danmaku, danmaku_saying
from tests.runtime.running import wait_until
from tests.valkey_process import ValkeyProcess

PATIENCE = 20_000  # ms
LINES = "#danmaku .line-text"


def _open(page: Page, live: Web, query: str = "") -> None:
    page.goto(f"{live.url}/live/danmaku/{query}")
    expect(page.locator("#stream-state")).to_have_attribute("data-state", "streaming", timeout=PATIENCE)


def _shows(page: Page, text: str) -> None:
    expect(page.locator(LINES, has_text=text).first).to_be_visible(timeout=PATIENCE)


def _store(live: Web, events: Sequence[Danmaku]) -> None:
    """What the sync would have written."""
    columns = "event_id, room_id, timestamp, received_at, uid, username, message"
    rows = [
        (
            event.event_id,
            event.room_id,
            *[f"{moment(event.at):%Y-%m-%d %H:%M:%S.%f}"] * 2,
            event.uid,
            event.username,
            event.message,
        )
        for event in events
    ]
    with databases.opened(live.data_dir) as database:
        database.do(f"INSERT INTO live_data_danmakudata ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def test_paused_lines_wait_and_all_come_when_it_goes_on(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    append(server.url, [danmaku_saying("before the pause")])
    _shows(page, "before the pause")
    page.get_by_role("button", name="Pause").click()
    append(server.url, [danmaku(number) for number in range(30)])
    resume = page.get_by_role("button", name="Resume (30 new)")
    expect(resume).to_be_visible(timeout=PATIENCE)
    expect(page.locator(LINES)).to_have_count(1)
    resume.click()
    expect(page.locator(LINES)).to_have_count(31, timeout=PATIENCE)
    assert page.locator(LINES).all_text_contents()[:30] == [f"第{number}条" for number in range(29, -1, -1)]
    append(server.url, [danmaku_saying("after the pause")])
    _shows(page, "after the pause")


def test_a_long_pause_loses_nothing(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    page.get_by_role("button", name="Pause").click()
    append(server.url, *([danmaku(50 * piece + number) for number in range(50)] for piece in range(24)))
    resume = page.get_by_role("button", name="Resume (1,200 new)")
    expect(resume).to_be_visible(timeout=PATIENCE)
    resume.click()
    expect(page.locator(LINES)).to_have_count(1200, timeout=PATIENCE)


def test_a_flood_does_not_grow_the_page(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    append(server.url, *([danmaku(100 * piece + number) for number in range(100)] for piece in range(30)))
    _shows(page, "第2999条")
    assert page.locator("#danmaku > li").count() <= 400


def test_who_scrolled_down_keeps_his_place(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    append(server.url, [danmaku(number) for number in range(200)])
    _shows(page, "第199条")
    page.mouse.wheel(0, 1500)
    wait_until(lambda: bool(page.evaluate("scrollY > 1000")), "the page is scrolled")
    append(server.url, [danmaku_saying("while reading")])
    waiting = page.get_by_role("button", name="Pause (1 new)")
    expect(waiting).to_be_visible(timeout=PATIENCE)
    assert page.locator(LINES, has_text="while reading").count() == 0
    waiting.click()
    _shows(page, "while reading")
    assert page.evaluate("scrollY") == 0


def test_live_lines_are_chosen_as_stored_ones_are(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live, "?q=Good&user=狸")
    lines = ["GOOD evening", "晚上好", "so good", "the last"]
    append(server.url, [danmaku_saying(text) for text in lines])
    append(server.url, [danmaku_saying("good, but from another", username="别人")])
    append(server.url, [danmaku_saying("good, the end")])
    _shows(page, "good, the end")
    assert page.locator(LINES).all_text_contents() == ["good, the end", "so good", "GOOD evening"]


def test_older_lines_follow_without_a_gap(page: Page, live: Web, server: ValkeyProcess) -> None:
    _store(live, [danmaku(number) for number in range(250)])
    _open(page, live)
    expect(page.locator(LINES)).to_have_count(100, timeout=PATIENCE)
    append(server.url, [danmaku(number) for number in range(250, 260)])
    expect(page.locator(LINES)).to_have_count(110, timeout=PATIENCE)
    for count in (210, 260):
        page.get_by_role("link", name="Show older ones").click()
        expect(page.locator(LINES)).to_have_count(count, timeout=PATIENCE)
    assert page.locator(LINES).all_text_contents() == [f"第{number}条" for number in range(259, -1, -1)]
    expect(page.locator("#older-said")).to_have_text("Nothing older matches.")


def test_lines_that_a_flood_pushed_out_come_back(page: Page, live: Web, server: ValkeyProcess) -> None:
    lines = [danmaku(number) for number in range(900)]
    _store(live, lines[:100])
    _open(page, live)
    expect(page.locator(LINES)).to_have_count(100, timeout=PATIENCE)
    append(server.url, *(lines[start : start + 100] for start in range(100, 900, 100)))
    _shows(page, "第899条")
    _store(live, lines[100:])
    for count in (500, 600, 700, 800, 900):
        page.get_by_role("link", name="Show older ones").click()
        expect(page.locator(LINES)).to_have_count(count, timeout=PATIENCE)
    assert page.locator(LINES).all_text_contents() == [f"第{number}条" for number in range(899, -1, -1)]


def test_the_link_to_older_lines_is_a_page_of_its_own(page: Page, live: Web) -> None:
    _store(live, [danmaku(number) for number in range(150)])
    _open(page, live, "?q=条")
    address = page.get_by_role("link", name="Show older ones").get_attribute("href")
    assert address
    page.goto(f"{live.url}/live/danmaku/{address}")
    expect(page.locator(LINES)).to_have_count(50, timeout=PATIENCE)
    page.get_by_role("link", name="To the newest").click()
    expect(page.locator(LINES)).to_have_count(100, timeout=PATIENCE)
    assert "q=%E6%9D%A1" in page.url


def test_a_permalink_shows_the_line_among_its_neighbours(page: Page, live: Web) -> None:
    _store(live, [danmaku(number) for number in range(10)])
    _open(page, live)
    page.locator(".line", has_text="第4条").locator(".line-permalink").click()
    expect(page.locator(".line.is-chosen .line-text")).to_have_text("第4条", timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_have_text("第4条")
    expect(page.locator(LINES)).to_have_count(10)


def test_a_name_leads_to_the_person_and_to_what_they_said(page: Page, live: Web) -> None:
    _store(live, [danmaku(number) for number in range(5)])
    _open(page, live)
    page.locator(".line-name", has_text="观众3").click()
    expect(page.locator("#person-lines .line-text")).to_have_text(["第3条"], timeout=PATIENCE)
    assert page.url == f"{live.url}/live/people/1003/"


def test_a_masked_name_leads_to_what_was_said_under_it(page: Page, live: Web) -> None:
    _store(live, [danmaku(1), danmaku(2, uid=None, username="观***")])
    _open(page, live)
    page.locator(".line-name", has_text="观***").click()
    expect(page.locator(LINES)).to_have_text(["第2条"], timeout=PATIENCE)
    assert "user=%40" in page.url


def test_many_tabs_share_one_stream(page: Page, live: Web, server: ValkeyProcess) -> None:
    """A browser opens six connections to a server: with a stream each, the seventh tab would hear nothing."""
    tabs = [page, *(watched(page.context) for _ in range(8))]
    for tab in tabs:
        _open(tab, live)
    append(server.url, [danmaku_saying("to all of you")])
    for tab in tabs:
        _shows(tab, "to all of you")
        expect(tab.locator(LINES)).to_have_count(1)


def test_a_tab_that_comes_later_hears_what_it_missed_and_only_its_rooms(
    page: Page, live: Web, server: ValkeyProcess
) -> None:
    live.watches(ROOM + 1, "另一个")
    _open(page, live)
    append(server.url, [danmaku_saying("before the other tab"), danmaku_saying("elsewhere", ROOM + 1)])
    _shows(page, "elsewhere")
    other = watched(page.context)
    _open(other, live, f"?room_id={ROOM}")
    _shows(other, "before the other tab")
    append(server.url, [danmaku_saying("elsewhere again", ROOM + 1)])
    append(server.url, [danmaku_saying("to both")])
    for tab in (page, other):
        _shows(tab, "to both")
    assert other.locator(LINES).all_text_contents() == ["to both", "before the other tab"]
    assert page.locator(LINES).count() == 4


def test_a_closed_tab_leaves_the_others_their_stream(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    other = watched(page.context)
    _open(other, live)
    page.goto("about:blank")
    append(server.url, [danmaku_saying("still here")])
    _shows(other, "still here")
    _open(page, live)
    _shows(page, "still here")


def test_without_a_shared_worker_a_page_has_its_own_stream(
    page: Page, live: Web, server: ValkeyProcess
) -> None:
    page.add_init_script("delete window.SharedWorker")
    _open(page, live)
    append(server.url, [danmaku_saying("without a worker")])
    _shows(page, "without a worker")


def test_a_worker_that_does_not_answer_is_replaced(page: Page, live: Web, server: ValkeyProcess) -> None:
    page.add_init_script("window.SharedWorker = class { port = { postMessage() {}, set onmessage(_) {} }; };")
    _open(page, live)
    append(server.url, [danmaku_saying("without an answer")])
    _shows(page, "without an answer")


def test_it_comes_back_after_redis_was_away(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    append(server.url, [danmaku_saying("before the restart")])
    _shows(page, "before the restart")
    server.stop()
    server.start()
    append(server.url, [danmaku_saying("after the restart")])
    _shows(page, "after the restart")


def test_what_makes_no_sense_is_said_beside_the_field(page: Page, live: Web) -> None:
    page.goto(f"{live.url}/live/danmaku/?since=2026-09-22&until=2026-09-21")
    expect(page.locator("#until-said")).to_have_text("must be later than the beginning")
    expect(page.get_by_label("From")).to_have_value("2026-09-22T00:00")


def test_the_address_of_a_range_means_the_same_elsewhere(page: Page, live: Web) -> None:
    _store(live, [danmaku(0)])
    page.goto(f"{live.url}/live/danmaku/?since=2026-09-21T14:00&until=2026-09-21T15:00&tz=UTC")
    expect(page.locator(LINES)).to_have_count(1, timeout=PATIENCE)
    page.goto(f"{live.url}/live/danmaku/?since=2026-09-21T14:00&until=2026-09-21T15:00")
    expect(page.locator("#danmaku")).to_be_attached()
    expect(page.locator(LINES)).to_have_count(0)
