"""Rooms: what the site says of them; only when they are connected is a person's to choose."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from live_data import tasks
from live_data.admin.columns import column, columns
from live_data.admin.tables import ReadOnly, Table
from live_data.models import LiveRoom

_CHOSEN = "connect_when"
_SAID = tuple(
    column(LiveRoom, field.name) for field in LiveRoom._meta.concrete_fields if field.name != _CHOSEN
)


@admin.register(LiveRoom)
class LiveRoomAdmin(ReadOnly):
    list_display = columns(
        LiveRoom, "room_id", "uname", "title", "status", "area_name", "connect_when", "updated_at"
    )
    list_filter = ("status", "connect_when")
    search_fields = ("room_id__exact", "short_id__exact", "uid__exact", "uname", "title")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return Table.has_change_permission(self, request, obj)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return [_CHOSEN, *_SAID]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return list(_SAID)

    def save_model(self, request: HttpRequest, obj: LiveRoom, form: Any, change: bool) -> None:
        """Not save(): the sync writes the other columns at the same time."""
        tasks.connect([obj.room_id], LiveRoom.ConnectWhen(obj.connect_when))
