"""Rooms: what the site says of them, so nothing to change here."""

from django.contrib import admin

from live_data.admin.columns import columns
from live_data.admin.tables import ReadOnly
from live_data.models import LiveRoom


@admin.register(LiveRoom)
class LiveRoomAdmin(ReadOnly):
    list_display = columns(LiveRoom, "room_id", "uname", "title", "status", "area_name", "updated_at")
    list_filter = ("status",)
    search_fields = ("room_id__exact", "short_id__exact", "uid__exact", "uname", "title")
