"""Addresses below /live/."""

from django.urls import path

from live_data.payloads import LISTS
from live_data.views import api, pages, rooms
from live_data.views.stream import stream

app_name = "live_data"
urlpatterns = [
    path("", pages.dashboard, name="dashboard"),
    path("rooms/add", rooms.add, name="add_room"),
    path("api/status", api.status, name="api_status"),
    path("api/overview", api.overview, name="api_overview"),
    path("api/rooms", api.rooms, name="api_rooms"),
    *(path(f"api/{kind}", api.listing, {"kind": kind}, name=f"api_{kind}") for kind in LISTS),
    path("api/accounting", api.accounting, name="api_accounting"),
    path("api/stream", stream, name="api_stream"),
    path("api/events", api.events, name="api_events"),
]
