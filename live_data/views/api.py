"""The read-only JSON API below /live/api/."""

from datetime import UTC, datetime

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from bilibili_live.room_numbers import LARGEST
from event_store import connect, live
from event_store.cursor import LogCursor
from event_store.live import CursorGone
from live_data import accounting as accounts
from live_data import keyset, payloads, tasks
from live_data.forms.lists import ListForm, RoomForm, RoomsForm
from live_data.models import LiveRoom
from live_data.queries import lists
from live_data.queries import rooms as known_rooms
from live_data.views import debug_state, live_state, redis_client
from live_data.views.answers import answer, problem, refused
from live_data.views.event_pages import following_place, page
from live_data.views.event_stream import CATCH_UP, payload
from live_data.views.live_form import EventsForm


@require_GET
def status(_request: HttpRequest) -> JsonResponse:
    """How everything is; 200 also when Redis is away, which it says."""
    return answer(live_state.status(datetime.now(UTC)))


@require_GET
def health(_request: HttpRequest) -> JsonResponse:
    """For machines: 200 when all is well, else 503 with what is not, a line each. News are no problem."""
    found = [str(problem) for problem in debug_state.problems(datetime.now(UTC))]
    told = {"ok": not found, "problems": found, "news": debug_state.news_by_kind()}
    return answer(told, 503 if found else 200)


@require_GET
def overview(request: HttpRequest) -> JsonResponse:
    """What the first page begins with, or with `?room_id=` that of a room; for one that begins again."""
    form = RoomForm.of(request)
    return answer(live_state.overview(form.room())) if form.is_valid() else refused(form)


@require_GET
def figures(request: HttpRequest) -> JsonResponse:
    """The last minute, today where the viewer is, and the last hour; of all rooms or `?room_id=`."""
    form = RoomForm.of(request)
    return answer(live_state.figures_of(form.room())) if form.is_valid() else refused(form)


@require_GET
def rooms(request: HttpRequest) -> JsonResponse:
    """Rooms by number, also those no longer watched; or the watched ones, those on air first."""
    form = RoomsForm.of(request)
    if not form.is_valid():
        return refused(form)
    wanted, limit = form.cleaned_data["room_id"], form.cleaned_data["limit"]
    if wanted is not None and not known_rooms.is_known(wanted):
        return _unknown_room(wanted)
    found = _rooms(form, limit + 1)
    following = following_place([_room_place(room.room_id) for room in found], limit)
    items = live_state.room_items(found[:limit], datetime.now(UTC))
    return answer({"results": items, "next": None if form.cleaned_data["watched"] else following})


def _room_place(room_id: int) -> bytes:
    return room_id.to_bytes(keyset.LENGTH, "big")


def _rooms(form: RoomsForm, limit: int) -> list[LiveRoom]:
    if form.cleaned_data["watched"]:
        return known_rooms.first(tasks.desired_rooms(), limit)
    if form.cleaned_data["room_id"] is not None:
        return known_rooms.from_number(form.cleaned_data["room_id"], 1)
    after = int.from_bytes(form.cleaned_data["cursor"] or b"", "big")
    return known_rooms.from_number(min(after, LARGEST) + 1, limit)


@require_GET
def listing(request: HttpRequest, kind: str) -> JsonResponse:
    """One page of danmaku, gifts, super chats, guard purchases or red packets, newest first."""
    form = ListForm.of(request)
    if not form.is_valid():
        return refused(form)
    chosen = form.chosen()
    if chosen.word and payloads.LISTS[kind][0] not in lists.TEXTS:
        return problem(400, f"q: {kind} have no text to look in")
    return answer(page(kind, chosen, form.cleaned_data["cursor"], form.cleaned_data["limit"]))


@require_GET
def accounting(_request: HttpRequest) -> JsonResponse:
    """What became of everything received, by room; in flight is unknown while Redis is away."""
    try:
        with redis_client.asked() as client:
            return answer(accounts.accounting(client))
    except connect.RedisUnavailable:
        return answer(accounts.accounting(None))


@require_GET
def events(request: HttpRequest) -> JsonResponse:
    """The stream's polling twin: what follows `?after=`, or the place to begin from.

    Redis away is told beside an unmoved cursor, and is no failure of the request.
    """
    form = EventsForm.of(request)
    if not form.is_valid():
        return refused(form)
    after, room_ids = form.cleaned_data["after"], form.cleaned_data["room_id"]
    try:
        return answer(_events_after(after, room_ids))
    except connect.RedisUnavailable as away:
        nothing = payloads.events([])
        return answer({"cursor": str(after or ""), "events": nothing, "error": str(away)})


def _events_after(after: LogCursor | None, room_ids: frozenset[int]) -> live_state.Answer:
    with redis_client.asked() as client:
        if after is None:
            return payload(live.LiveEvents(live.now(client), []), room_ids)
        try:
            return payload(live.events_after(client, after, CATCH_UP), room_ids)
        except CursorGone:
            return {"reset": True, "cursor": str(live.now(client))}


def _unknown_room(room_id: int) -> JsonResponse:
    return problem(404, f"room_id: {room_id} was never watched here")
