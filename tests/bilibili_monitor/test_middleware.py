"""Who gets an answer, and with which headers."""

import gzip

import pytest
from django.http import HttpRequest, StreamingHttpResponse
from django.test import AsyncClient, Client, RequestFactory

from bilibili_monitor.middleware import FORWARDING_HEADERS, compressed


@pytest.mark.parametrize("header", FORWARDING_HEADERS)
async def test_a_forwarded_request_is_refused_in_one_sentence(header: str) -> None:
    response = await AsyncClient().get("/", headers={header: "203.0.113.9"})
    assert response.status_code == 403
    assert header in response.content.decode()
    assert response.content.count(b"\n") == 1


async def test_a_request_of_this_machine_is_sent_to_the_page() -> None:
    response = await AsyncClient().get("/")
    assert (response.status_code, response["Location"]) == (302, "/live/")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
def test_the_names_of_this_machine_are_answered(host: str) -> None:
    assert Client().get("/", headers={"Host": host}).status_code == 302


@pytest.mark.parametrize("host", ["bilibili.example", "192.168.1.2:8000", "127.0.0.1.example"])
def test_other_names_are_refused_because_dns_can_point_them_here(host: str) -> None:
    assert Client().get("/", headers={"Host": host}).status_code == 400


async def test_a_browser_may_run_no_inline_script_and_frame_nothing() -> None:
    headers = (await AsyncClient().get("/")).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in f"{policy};"
    assert "style-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_a_synchronous_server_gets_the_same_answer() -> None:
    assert Client().get("/", headers={"Via": "proxy"}).status_code == 403


@pytest.mark.parametrize(
    ("cookie", "zone"),
    [
        ("America/St_Johns", "America/St_Johns"),
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("", "Asia/Shanghai"),
        ("Nowhere/Land", "Asia/Shanghai"),
        ("../../etc/passwd", "Asia/Shanghai"),
        ("/etc/localtime", "Asia/Shanghai"),
        ("Asia", "Asia/Shanghai"),
        ("x" * 3000, "Asia/Shanghai"),
    ],
)
@pytest.mark.django_db
def test_times_are_those_of_the_zone_that_the_browser_names(cookie: str, zone: str) -> None:
    client = Client()
    client.cookies["timezone"] = cookie
    page = client.get("/live/danmaku/").content.decode()
    assert f'data-time-zone="{zone}"' in page


@pytest.mark.django_db
def test_a_page_is_packed_for_browsers_that_unpack() -> None:
    plain = Client().get("/live/danmaku/")
    packed = Client().get("/live/danmaku/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"data-time-zone" in gzip.decompress(packed.content)
    assert 2 * len(packed.content) < len(plain.content)


async def test_a_stream_is_not_held_back_by_packing() -> None:
    stream = StreamingHttpResponse(["said\n" * 999])

    async def respond(_: HttpRequest) -> StreamingHttpResponse:
        return stream

    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    assert await compressed(respond)(request) is stream
    assert "Content-Encoding" not in stream.headers


@pytest.mark.django_db
def test_one_visitors_zone_is_not_anothers() -> None:
    tokyo = Client()
    tokyo.cookies["timezone"] = "Asia/Tokyo"
    assert 'data-time-zone="Asia/Tokyo"' in tokyo.get("/live/danmaku/").content.decode()
    assert 'data-time-zone="Asia/Shanghai"' in Client().get("/live/danmaku/").content.decode()
