"""/live/search/: what was said at any time, found by a query; and the same as JSON."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_safe

from live_data import keyset, payloads
from live_data.forms.search import BuilderForm, SearchForm
from live_data.models import DanmakuData, SuperChatData
from live_data.queries import rooms
from live_data.search.documents import SUPER_CHAT, TABLES
from live_data.search.folding import find
from live_data.search.language import QueryError
from live_data.search.looking import Seen
from live_data.search.searching import Page, search
from live_data.search.terms import Query
from live_data.search.wanted import Session
from live_data.sessions import naming
from live_data.views import names
from live_data.views.answers import answer, refused
from live_data.views.highlighting import Piece, pieces

Row = DanmakuData | SuperChatData


@dataclass(frozen=True, slots=True)
class Line:
    """A hit as the page shows it."""

    row: Row
    kind: str
    room: str
    pieces: list[Piece]
    translation: list[Piece]

    @property
    def event_id(self) -> str:
        return bytes(self.row.event_id).hex()

    @property
    def is_super_chat(self) -> bool:
        return self.kind == SUPER_CHAT


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Without a query, only how to write one; what makes no sense is marked where it stands, 400."""
    if "build" in request.GET:
        return _built(request)
    form = SearchForm.of(request)
    page = _page(form)
    query = form.query() if form.is_valid() else Query()
    context = {
        "form": form,
        "builder": BuilderForm.showing(query),
        "page": page,
        "lines": _lines(page) if page else [],
        "next": keyset.to_text(page.next) if page and page.next else None,
        "people": names.glance(query) if page and not form.cleaned_data["cursor"] else [],
        "names_query": str(query.words()),
        "marked": form.marked(),
    }
    return render(request, "live_data/search.html", context, status=200 if form.is_valid() else 400)


def _built(request: HttpRequest) -> HttpResponse:
    """The fields wrote a query: it goes into the address, where it can be read, changed and passed on."""
    builder = BuilderForm(request.GET)
    if builder.is_valid():
        asked = {"q": str(builder.query())}
        asked |= {name: request.GET[name] for name in ("tz", "limit") if name in request.GET}
        return HttpResponseRedirect(f"{reverse('live_data:search')}?{urlencode(asked)}")
    context = {"form": SearchForm.of(request), "builder": builder, "names_query": "", "is_built": True}
    return render(request, "live_data/search.html", context, status=400)


@require_GET
def search_api(request: HttpRequest) -> JsonResponse:
    """{"query", "results", "next", "partial", "searched_to"}: hits newest first; without a query, everything.

    An item is that of its list, with its "kind", and "hits": the [start, end) of its text that matched, in
    code points.
    """
    form = SearchForm.of(request)
    page = _page(form, is_empty_all=True)
    if page is None:
        return refused(form)
    return answer(
        {
            "query": str(form.query()),
            "results": [_item(row, seen, page) for row, seen in _rows(page)],
            "next": keyset.to_text(page.next) if page.next else None,
            "partial": page.is_partial,
            "searched_to": payloads.rfc3339(page.searched_to) if page.searched_to else None,
        }
    )


def _page(form: SearchForm, *, is_empty_all: bool = False) -> Page | None:
    """None: it makes no sense, as the form then says, or nothing was asked."""
    if not form.is_valid() or not (form.query().terms or is_empty_all):
        return None
    try:
        place, limit = form.cleaned_data["cursor"], form.cleaned_data["limit"]
        return search(form.query(), form.zone(), place, limit, session_of=_session)
    except QueryError as error:
        form.refuse(error)
        return None


def _session(name: str) -> Session | None:
    found = naming.named(name)
    return None if found is None else Session(found.room_id, found.begin, found.end)


def _item(row: Row, seen: Seen, page: Page) -> dict[str, Any]:
    name = "super_chats" if seen.kind == SUPER_CHAT else "danmaku"
    hits = [list(place) for place in find(seen.message, page.words)]
    return {"kind": name, **payloads.LISTS[name][1](row), "hits": hits}


def _lines(page: Page) -> list[Line]:
    names = {room_id: uname or str(room_id) for room_id, uname, _title in rooms.names()}
    return [
        Line(
            row=row,
            kind=seen.kind,
            room=names.get(seen.room_id, str(seen.room_id)),
            pieces=pieces(seen.message, page.words),
            translation=pieces(seen.message_trans, page.words),
        )
        for row, seen in _rows(page)
    ]


def _rows(page: Page) -> list[tuple[Row, Seen]]:
    """The whole rows; one that was deleted meanwhile is left out."""
    by_id: dict[bytes, Row] = {}
    for kind, table in TABLES.items():
        wanted = [seen.event_id for seen in page.hits if seen.kind == kind]
        by_id |= {bytes(row.event_id): row for row in table._default_manager.filter(event_id__in=wanted)}
    return [(by_id[seen.event_id], seen) for seen in page.hits if seen.event_id in by_id]
