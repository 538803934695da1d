"""/live/people/: people by any part of a name that they ever had; and the same as JSON."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from live_data.forms.search import NamesForm
from live_data.queries import people
from live_data.queries.moment import one_moment
from live_data.queries.people import Deeds, together
from live_data.search import names
from live_data.search.folding import find
from live_data.search.language import QueryError
from live_data.search.names import Name, Page
from live_data.search.terms import Query
from live_data.views import person as persons
from live_data.views.answers import answer, refused
from live_data.views.highlighting import Piece, pieces

_AT_A_GLANCE = 5  # people beside another search
_LONGEST = 120  # characters of a name in the table
_GLANCE = 40  # names that are looked at for them: PostgreSQL walks for as many as are asked for


@dataclass(frozen=True, slots=True)
class Called:
    """A hit as the page shows it."""

    name: Name
    pieces: list[Piece]
    current: str  #: the name shown last
    deeds: Deeds  #: over all rooms and time, under whatever name


@require_safe
def people_page(request: HttpRequest) -> HttpResponse:
    """Without a query, only how to write one; what makes no sense is marked where it stands, 400."""
    form = NamesForm.of(request)
    with one_moment():
        page = _page(form)
        context = {
            "form": form,
            "page": page,
            "called": _called(page) if page else [],
            "by_uid": _by_uid(form.query()) if page and not form.cleaned_data["cursor"] else None,
            "marked": form.marked(),
        }
    return render(request, "live_data/people.html", context, status=200 if form.is_valid() else 400)


@require_GET
def people_api(request: HttpRequest) -> JsonResponse:
    """{"query", "results", "next", "partial"}: names, newest first; without a query, none.

    "hits" are the [start, end) of the name that matched, in code points.
    """
    form = NamesForm.of(request)
    with one_moment():
        page = _page(form)
        if page is None:
            return refused(form)
        results = [_item(each, page) for each in _called(page)]
    return answer(
        {
            "query": str(form.query()),
            "results": results,
            "next": None if page.next is None else str(page.next),
            "partial": page.is_partial,
        }
    )


def glance(query: Query) -> list[Name]:
    """Some people by a name that a search of what was said may as well have meant, each once; fast."""
    if not query.values("") or query != query.words():
        return []
    page = names.search(query, limit=2 * _AT_A_GLANCE, budget=_GLANCE)
    by_uid: dict[int, Name] = {}
    for name in page.hits:
        by_uid.setdefault(name.uid, name)
    return list(by_uid.values())[:_AT_A_GLANCE]


def _page(form: NamesForm) -> Page | None:
    """None: it makes no sense, as the form then says."""
    if not form.is_valid():
        return None
    try:
        return names.search(form.query(), form.cleaned_data["cursor"], form.cleaned_data["limit"])
    except QueryError as error:
        form.refuse(error)
        return None


def _called(page: Page) -> list[Called]:
    uids = [name.uid for name in page.hits]
    current, deeds = people.current_names(uids), people.deeds(uids)
    nothing = together([])
    return [
        Called(
            name=name,
            pieces=pieces(name.username, page.words, _LONGEST),
            current=current.get(name.uid, name.username),
            deeds=deeds.get(name.uid, nothing),
        )
        for name in page.hits
    ]


def _by_uid(query: Query) -> tuple[int, str] | None:
    """(uid, name) of somebody whose uid was typed instead of a name."""
    [*words] = query.values("")
    uid = persons.uid_of(words[0]) if len(words) == 1 else None
    name = people.current_names([uid]).get(uid) if uid else None
    return None if uid is None or name is None else (uid, name)


def _item(called: Called, page: Page) -> dict[str, Any]:
    name = called.name
    return {
        "uid": str(name.uid),
        "username": name.username,
        "current_name": called.current,
        "first_day": name.first_day,
        "last_day": name.last_day,
        "danmaku": called.deeds.danmaku,
        "gold": called.deeds.gold,
        "hits": [list(place) for place in find(name.username, page.words)],
    }
