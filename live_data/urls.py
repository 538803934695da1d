"""Addresses below /live/."""

from django.urls import path

from live_data.payloads import LISTS
from live_data.views import api, danmaku, debug, gifts, monitoring_tasks, pages, room_list, rooms
from live_data.views.stream import stream

app_name = "live_data"
urlpatterns = [
    path("", pages.dashboard, name="dashboard"),
    path("danmaku/", danmaku.browser, name="danmaku"),
    path("danmaku/<str:event_id>/", danmaku.line, name="danmaku_line"),
    path("gifts/", gifts.gifts, name="gifts"),
    path("rooms/", room_list.room_list, name="rooms"),
    path("rooms/table", room_list.table, name="room_table"),
    path("rooms/add", rooms.add, name="add_room"),
    path("rooms/add_several", rooms.add_several, name="add_rooms"),
    path("rooms/split", rooms.split, name="split_rooms"),
    path("rooms/tasks/new", monitoring_tasks.new, name="new_task"),
    path("rooms/tasks/<int:key>/", monitoring_tasks.edit, name="task"),
    path("rooms/tasks/<int:key>/start", monitoring_tasks.start, name="start_task"),
    path("rooms/tasks/<int:key>/stop", monitoring_tasks.stop, name="stop_task"),
    path("rooms/tasks/<int:key>/delete", monitoring_tasks.delete, name="delete_task"),
    path("rooms/<int:room_id>/pause", rooms.pause, name="pause_room"),
    path("rooms/<int:room_id>/resume", rooms.resume, name="resume_room"),
    path("rooms/<int:room_id>/watch", rooms.watch_again, name="watch_again"),
    path("rooms/<int:room_id>/remove", rooms.remove, name="remove_room"),
    path("rooms/<int:room_id>/", pages.room, name="room"),
    path("debug/", debug.debug, name="debug"),
    path("debug/sync", debug.sync_now, name="debug_sync"),
    path("debug/check", debug.check_keys, name="debug_check"),
    path("api/status", api.status, name="api_status"),
    path("api/health", api.health, name="api_health"),
    path("api/overview", api.overview, name="api_overview"),
    path("api/figures", api.figures, name="api_figures"),
    path("api/rooms", api.rooms, name="api_rooms"),
    *(path(f"api/{kind}", api.listing, {"kind": kind}, name=f"api_{kind}") for kind in LISTS),
    path("api/takings", gifts.takings, name="api_takings"),
    path("api/accounting", api.accounting, name="api_accounting"),
    path("api/stream", stream, name="api_stream"),
    path("api/events", api.events, name="api_events"),
]
