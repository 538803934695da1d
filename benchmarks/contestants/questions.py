"""The questions: addresses of the product, asked as a browser would, and a few of its own functions.

What is asked by function depends on the clock when it is asked by address, and the history ends when it ends.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from benchmarks.history import END
from benchmarks.searched import FREQUENT, RARE, Places, Sought
from live_data import keyset
from live_data.instants import moment, zone
from live_data.models import DanmakuData
from live_data.queries import minutes, people

SEARCH, NAME, PAGE, LIKE = "search", "name", "page", "like"


@dataclass(frozen=True, slots=True)
class Question:
    group: str  #: SEARCH, NAME, PAGE or LIKE
    name: str
    ask: Callable[[], int]  #: how much was found
    finds: bool = True  #: it must find something


#: What is wanted -> the name of its address.
_ADDRESSES = {"search": "api_search", "names": "api_people", "session report": "api_session"}


def missing() -> list[str]:
    """What is wanted and whose address is not there."""
    return [what for what in _ADDRESSES if not _is_there(what)]


def _is_there(what: str) -> bool:
    for arguments in ((), ("x",)):
        with contextlib.suppress(NoReverseMatch):
            reverse(f"live_data:{_ADDRESSES[what]}", args=arguments)
            return True
    return False


def search_questions(wanted: Iterable[Sought]) -> list[Question]:
    """The first page of each. Frequent words are there; whether one person said them is not known."""
    if not _is_there("search"):
        return []
    return [
        Question(
            SEARCH,
            _name(each),
            partial(_list, _address("api/search", q=_query(each))),
            finds=each.sort == FREQUENT and not each.is_filtered,
        )
        for each in wanted
    ]


def name_questions(wanted: Iterable[Sought]) -> list[Question]:
    """The first page of each."""
    if not _is_there("names"):
        return []
    return [
        Question(NAME, _name(each), partial(_list, _address("api/people", q=_query(each)))) for each in wanted
    ]


def like_questions(wanted: Iterable[Sought]) -> list[Question]:
    """Rare words without a filter, newest first, as SQL that anybody would write."""
    return [
        Question(LIKE, _name(each), partial(_like, each.word))
        for each in wanted
        if each.sort == RARE and not each.is_filtered
    ]


def page_questions(places: Places) -> list[Question]:
    return [Question(PAGE, name, ask) for name, ask in _pages(places)]


def _name(each: Sought) -> str:
    filters = [name for name in ("room_id", "uid", "since") if getattr(each, name) is not None]
    return " ".join([each.sort, str(len(each.word)), *filters, each.word, each.beside]).rstrip()


def _query(each: Sought) -> str:
    """In the query language."""
    facets = {"room": each.room_id, "user": each.uid, "since": each.since and _time(each.since)}
    given = (f"{name}:{value}" for name, value in facets.items() if value is not None)
    words = [f'"{word}"' for word in (each.word, each.beside) if word]
    return " ".join([*words, *given])


def _pages(places: Places) -> Iterator[tuple[str, Callable[[], int]]]:
    room, line, now = places.room_id, _middle(), moment(END)
    middle = keyset.to_text(line)
    lists = {
        "latest page": _address("api/danmaku"),
        "latest page of a room": _address("api/danmaku", room_id=room),
        "middle page": _address("api/danmaku", cursor=middle),
        "middle page of a room": _address("api/danmaku", room_id=room, cursor=middle),
        "person": _address("api/danmaku", user=places.uid),
        "person in a room": _address("api/danmaku", user=places.uid, room_id=room),
        "gifts of a room": _address("api/gifts", room_id=room),
    }
    for name, address in lists.items():
        yield name, partial(_list, address)
    html = {
        "page of danmaku": _address("danmaku/"),
        "page of a line": _address(f"danmaku/{line.hex()}/"),
        "page of rooms": _address("rooms/"),
        "page of a room": _address(f"rooms/{room}/"),
        "page of gifts, a week": _address("gifts/", since=_time(END - 7 * 86_400_000), until=_time(END)),
    }
    for name, address in html.items():
        yield name, partial(_page, address)
    yield "minute chart, a day of a room", partial(_minutes, now, room)
    yield "minute chart, a day of all", partial(_minutes, now, None)
    today = now.astimezone(zone("Asia/Shanghai")).date()
    yield "top users, a week", lambda: len(people.top(room, today - timedelta(days=6), today, "danmaku"))
    yield "one person's days", lambda: len(people.days(places.uid))
    if _is_there("session report"):
        for session in _answer(_address("api/sessions", room_id=room)).json()["results"][:1]:
            yield "session report", partial(_page, _address(f"api/sessions/{session['session']}"))


def _middle() -> bytes:
    """The danmaku in the middle of the time that the database covers."""
    ids = DanmakuData.objects.order_by("event_id").values_list("event_id", flat=True)
    first, last = ids.first(), ids.last()
    assert first is not None
    assert last is not None
    start, end = keyset.moment(bytes(first)), keyset.moment(bytes(last))
    return bytes(ids.filter(event_id__gte=keyset.floor(start + (end - start) / 2))[0])


def _minutes(now: datetime, room_id: int | None) -> int:
    return sum(each.danmaku or 0 for each in minutes.latest(now, 1440, room_id))


def _address(path: str, **told: object) -> str:
    return f"/live/{path}?{urlencode({name: value for name, value in told.items() if value is not None})}"


def _time(at: int) -> str:
    return moment(at).strftime("%Y-%m-%dT%H:%M:%SZ")


_client = Client(HTTP_HOST="localhost")


def _list(address: str) -> int:
    """How many lines a list of the API has."""
    return len(_answer(address).json()["results"])


def _page(address: str) -> int:
    return len(_answer(address).content)


def _answer(address: str):  # type: ignore[no-untyped-def]  # a response of the test client, which is private
    response = _client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answers {response.status_code}")
    return response


def _like(word: str) -> int:
    statement = "SELECT * FROM live_data_danmakudata WHERE message LIKE %s ORDER BY event_id DESC LIMIT 50"
    with connection.cursor() as cursor:
        cursor.execute(statement, [f"%{word}%"])
        return len(cursor.fetchall())
