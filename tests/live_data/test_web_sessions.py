"""Sessions of a room, the report of one, and their correction, as pages and as JSON."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from bilibili_live.events import AnyEvent
from live_data import payloads
from live_data.models import CoverageSpan, LiveSession, SessionCorrection
from live_data.sessions import figures, naming
from live_data.views import session_context
from tests.live_data.conftest import with_settings
from tests.live_data.sessions.evenings import CHAT, MINUTE, PAID, at, poll, state, store
from tests.made import ROOM, coverage, danmaku, gauge

pytestmark = pytest.mark.django_db

LIST = f"/live/rooms/{ROOM}/sessions/"
TOLD: list[AnyEvent] = [
    coverage(0, "covered"),
    poll(1, title="早安", uname="主播"),
    state(10, "live", "a"),
    *CHAT,
    *PAID,
    gauge(15 * 60, 400),
    gauge(16 * 60, 600),
    state(40, "preparing"),
    state(43, "live", "a"),
    state(60, "preparing"),
    danmaku(70 * MINUTE),
    state(100, "live", "b"),
    state(160, "preparing"),
]


@pytest.fixture(autouse=True)
def _told(settings: Settings) -> None:
    with_settings(settings, redis_url="unix:///nowhere/valkey.sock")
    session_context.forget()
    store(TOLD)


def _session(number: int) -> LiveSession:
    return LiveSession.objects.filter(room_id=ROOM).order_by("begin")[number]


def _page(number: int) -> str:
    return f"/live/sessions/{naming.name(_session(number))}/"


def _text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def _post(client: Client, number: int, action: str, data: dict[str, Any], **headers: str) -> Any:
    return client.post(f"{_page(number)}{action}", {"tz": "UTC", **data}, headers=headers)


def _iso(minute: float) -> str:
    return at(minute).isoformat()


def test_the_list_has_the_sessions_newest_first_and_what_was_said_between_them(client: Client) -> None:
    page = _text(client, LIST)
    assert page.index(naming.name(_session(1))) < page.index(naming.name(_session(0)))
    assert "Off air for 40 min" in page
    assert "1 drop" in page
    found = client.get("/live/api/sessions", {"room_id": ROOM}).json()
    assert [each["danmaku"] for each in found["results"]] == [0, 5]
    assert found["results"][1]["gold"] == 230_000
    assert found["results"][1]["off_air"]["danmaku"] == 2
    assert len(found["results"][1]["drops"]) == 1


def test_the_list_goes_on_by_its_cursor(client: Client) -> None:
    first = client.get("/live/api/sessions", {"room_id": ROOM, "limit": 1}).json()
    second = client.get(f"/live/api/sessions?room_id={ROOM}&limit=1&cursor={first['next']}").json()
    assert [each["session"] for each in first["results"] + second["results"]] == [
        naming.name(_session(1)),
        naming.name(_session(0)),
    ]
    assert second["next"] is None
    assert naming.name(_session(0)) in _text(client, f"{LIST}?limit=1&cursor={first['next']}")


@pytest.mark.parametrize("cursor", ["nonsense", "AAAA", "%00"])
def test_a_cursor_that_nobody_gave_out_is_refused(client: Client, cursor: str) -> None:
    assert _text(client, f"{LIST}?cursor={cursor}", 404)
    assert client.get(f"/live/api/sessions?room_id={ROOM}&cursor={cursor}").status_code == 400


def test_the_report_has_figures_that_lead_to_their_events(client: Client) -> None:
    page = _text(client, _page(0))
    assert "早安" in page
    assert "2 new, 1 returning" in page
    assert "60.0 %" in page
    assert "500" in page
    assert f"/live/danmaku/?room_id={ROOM}&amp;since=" in page
    api = client.get(f"/live/api/sessions/{naming.name(_session(0))}").json()
    assert (api["chatters"], api["new_chatters"], api["online_average"], api["online_peak"]) == (
        3,
        2,
        500,
        600,
    )
    assert api["is_lower_bound"] is False
    assert sum(point[1] for point in api["chart"]["points"]) >= 5


def test_kept_figures_are_shown_as_they_were_counted(client: Client) -> None:
    before = client.get(f"/live/api/sessions/{naming.name(_session(0))}").json()
    figures.keep_due(60.0)
    session_context.forget()
    assert client.get(f"/live/api/sessions/{naming.name(_session(0))}").json() == before


def test_a_gap_makes_its_figures_lower_bounds(client: Client) -> None:
    store([coverage(20 * 60, "blind", "connection lost"), coverage(25 * 60, "covered")])
    assert "Lower bounds" in _text(client, _page(0))
    assert client.get(f"/live/api/sessions/{naming.name(_session(0))}").json()["is_lower_bound"] is True


def test_so_does_a_time_of_which_nobody_says_that_it_was_watched(client: Client) -> None:
    CoverageSpan.objects.update(timestamp=at(20))
    assert client.get(f"/live/api/sessions/{naming.name(_session(0))}").json()["is_lower_bound"] is True
    assert client.get(f"/live/api/sessions/{naming.name(_session(1))}").json()["is_lower_bound"] is False


def test_what_a_room_said_is_shown_as_text(client: Client) -> None:
    store([poll(0.5, title="<script>alert(1)</script>", uname="<b>")])
    LiveSession.objects.update(title="<script>alert(1)</script>")
    for page in (_text(client, LIST), _text(client, _page(0)), _text(client, f"/live/rooms/{ROOM}/")):
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_session_is_split_and_the_split_is_undone(client: Client) -> None:
    answered = _post(client, 0, "split", {"at": _iso(30)})
    assert answered.status_code == 302
    assert LiveSession.objects.filter(room_id=ROOM).count() == 3
    split_off = _page(1)
    correction = SessionCorrection.objects.get()
    assert _post(client, 1, f"undo/{correction.pk}", {}).status_code == 302
    assert LiveSession.objects.filter(room_id=ROOM).count() == 2
    assert client.get(split_off)["Location"] == _page(0)


def test_a_time_without_an_offset_is_that_of_the_form(client: Client) -> None:
    local = _iso(38)[:19]
    _post(client, 0, "split", {"at": local, "tz": "UTC"})
    assert _session(1).begin.isoformat()[:19] == local


@pytest.mark.parametrize(
    ("action", "minute", "said"),
    [
        ("split", 90, "between its begin and its end"),
        ("split", 10, "between its begin and its end"),
        ("begin", 61, "must begin before it ends"),
        ("end", 110, "overlap another session"),
        ("end", 9, "must begin before it ends"),
    ],
)
def test_what_does_not_fit_is_told_and_changes_nothing(
    client: Client, action: str, minute: float, said: str
) -> None:
    answered = _post(client, 0, action, {"at": _iso(minute)})
    assert answered.status_code == 400
    assert said in answered.content.decode()
    told = _post(client, 0, action, {"at": _iso(minute)}, accept="application/json")
    assert said in told.json()["error"]
    assert not SessionCorrection.objects.exists()


@pytest.mark.parametrize("typed", ["", "yesterday", "2026-13-01T00:00", "9" * 500, "9999-01-01T00:00"])
def test_a_time_that_makes_no_sense_is_told(client: Client, typed: str) -> None:
    answered = _post(client, 0, "end", {"at": typed}, accept="application/json")
    assert answered.status_code == 400
    assert answered.json()["error"]


def test_two_are_merged(client: Client) -> None:
    gone = _page(1)
    assert _post(client, 0, "merge", {}).status_code == 302
    assert LiveSession.objects.filter(room_id=ROOM).count() == 1
    assert client.get(gone)["Location"] == _page(0)


def test_sessions_of_two_rooms_are_not(client: Client) -> None:
    store([state(0, "live", "q", room_id=ROOM + 1)])
    other = naming.name(LiveSession.objects.get(room_id=ROOM + 1))
    answered = _post(client, 1, "merge", {"other": other}, accept="application/json")
    assert answered.json()["error"] == "Sessions of two rooms cannot be merged."
    assert _post(client, 1, "merge", {"other": "nonsense"}).status_code == 400


@pytest.mark.parametrize("name", ["nonsense", "AAAAAAAAAAAAAAAAAAAAAA", "%00"])
def test_what_names_no_session_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/live/sessions/{name}/").status_code == 404
    assert client.get(f"/live/api/sessions/{name}").status_code == 404
    assert client.post(f"/live/sessions/{name}/split", {"at": _iso(30)}).status_code == 404


def test_a_room_that_was_never_watched_has_no_list(client: Client) -> None:
    assert "never watched" in _text(client, "/live/rooms/12345/sessions/", 404)
    assert client.get("/live/api/sessions", {"room_id": 12345}).status_code == 404


def test_the_page_of_the_room_has_its_newest_sessions(client: Client) -> None:
    page = _text(client, f"/live/rooms/{ROOM}/")
    assert naming.name(_session(1)) in page
    assert LIST in page


def test_what_was_said_in_a_session_is_searched_by_its_name_or_address(client: Client) -> None:
    page = _text(client, _page(0))
    assert f"/live/search/?q=session:{naming.name(_session(0))}" in page

    def found(query: str) -> list[str]:
        answer = client.get("/live/api/search", {"q": query})
        return [item["timestamp"] for item in answer.json()["results"]]

    within = found(f"session:{naming.name(_session(0))}")
    session = _session(0)
    assert within
    assert session.end
    assert all(payloads.rfc3339(session.begin) <= time < payloads.rfc3339(session.end) for time in within)
    assert found(f"场次：https://example.invalid{_page(0)}") == within
    others = found(f"-session:{naming.name(_session(0))}")
    assert sorted(within + others) == sorted(found(""))
    refused = client.get("/live/api/search", {"q": "session:AAAA"})
    assert refused.status_code == 400
    assert "There is no session of this name: AAAA." in refused.content.decode()
