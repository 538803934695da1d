"""What a person sees on /live/."""

import re

from playwright.sync_api import Page, Route, expect

from tests.live_data.web_log import append
from tests.live_data.web_running import Web
from tests.made import danmaku_saying, gift, guard, red_packet, super_chat
from tests.valkey_process import ValkeyProcess

PATIENCE = 20_000  # ms
HOSTILE = [
    "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">",
    "\u202eright to left override",
    "\u2400 picture of NUL",
    "长" * 5000,
]


def _open(page: Page, live: Web) -> None:
    page.goto(f"{live.url}/live/")
    expect(page.locator("#stream-state")).to_have_attribute("data-state", "streaming", timeout=PATIENCE)


def _shows(page: Page, text: str) -> None:
    expect(page.locator("#danmaku .line-text", has_text=text).first).to_be_visible(timeout=PATIENCE)


def test_a_danmaku_appears_as_it_is_said(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    append(server.url, [danmaku_saying("主播晚上好")])
    _shows(page, "主播晚上好")
    expect(page.locator("#rooms .room")).to_contain_text("测试直播间")


def test_paid_things_appear_once_with_their_money(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    guards = [guard("bought"), guard("toast", price=138_000)]
    append(server.url, [gift(1, price=1550, total_coin=1550), super_chat(5, price=30), *guards])
    expect(page.locator("#honours .line")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("#gifts .line")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#gifts .line-gift .line-money")).to_have_text("¥1.55 15.5 battery")
    expect(page.locator("#honours .line-super-chat .line-money")).to_have_text("¥30.00 300 battery")
    expect(page.locator("#honours .line-guard .line-money")).to_have_text("¥138.00 1,380 battery")


def test_hostile_text_is_shown_and_does_nothing(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    append(server.url, [danmaku_saying(text, username=text) for text in HOSTILE])
    _shows(page, HOSTILE[0])
    _shows(page, HOSTILE[1])
    _shows(page, HOSTILE[2])
    expect(page).to_have_title(re.compile("Bilibili"))
    assert page.locator("#danmaku script, #danmaku img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tallest = page.evaluate("Math.max(...[...document.querySelectorAll('.line')].map((l) => l.offsetHeight))")
    assert tallest < 200  # px: 5,000 characters do not take the page


def test_an_override_turns_nothing_else_around(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    append(server.url, [danmaku_saying(HOSTILE[1], username="\u202e反")])
    _shows(page, HOSTILE[1])
    line = page.locator("#danmaku .line", has_text=HOSTILE[1])
    name, text = (line.locator(part).bounding_box() for part in (".line-name", ".line-text"))
    assert name is not None
    assert text is not None
    assert name["x"] < text["x"]


def test_it_polls_where_streaming_is_refused(page: Page, live: Web, server: ValkeyProcess) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=501, json={"error": "no stream here"})

    page.add_init_script("delete window.SharedWorker")  # what a worker asks for cannot be refused from here
    page.route("**/live/api/stream*", refuse)
    page.goto(f"{live.url}/live/")
    expect(page.locator("#stream-state")).to_have_attribute("data-state", "polling", timeout=PATIENCE)
    append(server.url, [danmaku_saying("polled")])
    _shows(page, "polled")


def test_it_survives_a_restart_of_redis(page: Page, live: Web, server: ValkeyProcess) -> None:
    _open(page, live)
    append(server.url, [danmaku_saying("before the restart")])
    _shows(page, "before the restart")
    server.stop()
    expect(page.locator("#health .is-bad")).to_contain_text("Redis does not answer", timeout=PATIENCE)
    server.start()
    append(server.url, [danmaku_saying("after the restart")])
    _shows(page, "after the restart")
    expect(page.locator("#health .is-bad")).to_have_count(0, timeout=PATIENCE)
    expect(page.locator("#danmaku .line", has_text="before the restart")).to_have_count(1)


def test_what_is_wrong_with_a_room_is_said_where_it_was_typed(page: Page, live: Web) -> None:
    _open(page, live)
    page.get_by_label("Room number or address").fill("no room")
    page.get_by_role("button", name="Watch").click()
    expect(page.locator("#add-room-said")).to_contain_text("no room", timeout=PATIENCE)
    expect(page.locator("#rooms .room")).to_have_count(1)


def test_a_red_packet_appears_once_with_all_that_is_told(
    page: Page, live: Web, server: ValkeyProcess
) -> None:
    _open(page, live)
    line = page.locator("#gifts .line", has_text="Red packet")
    append(server.url, [red_packet("sent", username="老板", price=2_000)])
    expect(line).to_contain_text("¥2.00", timeout=PATIENCE)
    append(server.url, [red_packet("started", total_price=1_600, gifts={"小花花": 16})])
    expect(line).to_contain_text("¥1.60 of gifts inside", timeout=PATIENCE)
    expect(line).to_contain_text("老板")
    expect(line).to_have_count(1)
