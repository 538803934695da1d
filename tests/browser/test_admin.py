"""Django's admin in a browser, under our policy: the fixture ``page`` fails at whatever breaks it."""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from runtime.setting_values import ROOT
from tests import databases
from tests.live_data.web_running import Web

PASSWORD = "a long enough password"


@pytest.fixture
def admin(page: Page, live: Web) -> Page:
    """Logged in."""
    environ = os.environ | databases.settings(live.data_dir) | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    create = [
        sys.executable,
        "manage.py",
        "createsuperuser",
        "--noinput",
        "--username",
        "站长",
        "--email",
        "a@b.cn",
    ]
    subprocess.run(create, cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)
    page.goto(f"{live.url}/admin/")
    page.fill("#id_username", "站长")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    expect(page).to_have_url(f"{live.url}/admin/")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lists_and_forms_work_under_the_policy_of_all_pages(admin: Page, live: Web, scheme: str) -> None:
    admin.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    admin.goto(f"{live.url}/admin/live_data/liveroom/")
    admin.click("#result_list tbody th a")
    expect(admin.locator(".field-title")).to_contain_text("测试直播间")
    admin.goto(f"{live.url}/admin/live_data/monitoringtask/")
    admin.click("#result_list tbody th a")
    admin.fill("#id_rooms", "no room")
    admin.click("input[name=_save]")
    expect(admin.locator(".errorlist")).to_have_text(
        "“no” is no room: write numbers such as 22889484, or addresses."
    )
    admin.fill("#id_rooms", "90002")
    admin.click("input[name=_save]")
    expect(admin.locator("#result_list .field-listed_rooms")).to_have_text("90002")


def test_a_narrow_screen_is_not_wider_for_it(admin: Page, live: Web) -> None:
    admin.set_viewport_size({"width": 390, "height": 800})
    for table in ("liveroom", "danmakudata", "monitoringtask"):
        admin.goto(f"{live.url}/admin/live_data/{table}/")
        assert admin.evaluate("document.documentElement.scrollWidth <= innerWidth"), table


def test_the_way_back_leads_to_the_page(admin: Page, live: Web) -> None:
    admin.get_by_role("link", name="View site").click()
    expect(admin).to_have_url(f"{live.url}/live/")
