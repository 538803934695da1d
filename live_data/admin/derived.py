"""What is read out of the rows of events: purchases of guards, counts and gauges by minute."""

from django.contrib import admin

from live_data import models
from live_data.admin.columns import columns
from live_data.admin.searching import BY_ROOM, BY_ROOM_OR_EVENT
from live_data.admin.tables import Large


@admin.register(models.GuardPurchase)
class GuardPurchaseAdmin(Large):
    list_display = columns(
        models.GuardPurchase, "timestamp", "room", "username", "uid", "guard_level", "num", "gold"
    )
    search_fields = ("room_id", "event_id")
    search_help_text = BY_ROOM_OR_EVENT


@admin.register(models.MinuteCount)
class MinuteCountAdmin(Large):
    list_display = columns(
        models.MinuteCount, "minute", "room", "danmaku", "gifts", "super_chats", "guards", "gold"
    )
    search_fields = ("room_id",)
    search_help_text = BY_ROOM
    newest_of_room = ("-minute",)


@admin.register(models.GaugeMinute)
class GaugeMinuteAdmin(Large):
    list_display = columns(models.GaugeMinute, "minute", "room", "name", "low", "high", "last", "samples")
    search_fields = ("room_id",)
    search_help_text = BY_ROOM
    newest_of_room = ("-minute", "-name")
