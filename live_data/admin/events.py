"""Rows of events."""

from django.contrib import admin

from live_data import models
from live_data.admin.columns import columns
from live_data.admin.searching import BY_ROOM_OR_EVENT, BY_ROOM_USER_OR_EVENT
from live_data.admin.tables import Large


class Events(Large):
    search_fields = ("room_id", "event_id")
    search_help_text = BY_ROOM_OR_EVENT


class EventsOfPeople(Large):
    """Where an index on the user's id exists."""

    search_fields = ("room_id", "uid", "event_id")
    search_help_text = BY_ROOM_USER_OR_EVENT


@admin.register(models.DanmakuData)
class DanmakuAdmin(EventsOfPeople):
    list_display = columns(models.DanmakuData, "timestamp", "room", "username", "uid", "message")


@admin.register(models.GiftData)
class GiftAdmin(EventsOfPeople):
    list_display = columns(
        models.GiftData, "timestamp", "room", "username", "uid", "gift_name", "num", "coin_type", "gold"
    )


@admin.register(models.SuperChatData)
class SuperChatAdmin(Events):
    list_display = columns(
        models.SuperChatData, "timestamp", "room", "username", "uid", "message", "gold", "deleted_at"
    )


@admin.register(models.SuperChatDeletionData)
class SuperChatDeletionAdmin(Events):
    list_display = columns(models.SuperChatDeletionData, "timestamp", "room", "super_chat_ids")


@admin.register(models.GuardReportData)
class GuardReportAdmin(Events):
    list_display = columns(
        models.GuardReportData,
        "timestamp",
        "room",
        "report",
        "username",
        "uid",
        "guard_level",
        "num",
        "price",
        "payflow_id",
    )


@admin.register(models.RedPacketReportData)
class RedPacketReportAdmin(Events):
    list_display = columns(
        models.RedPacketReportData,
        "timestamp",
        "room",
        "report",
        "lot_id",
        "username",
        "uid",
        "price",
        "total_price",
    )


@admin.register(models.InteractionData)
class InteractionAdmin(Events):
    list_display = columns(models.InteractionData, "timestamp", "room", "username", "uid", "msg_type")


@admin.register(models.RoomStateData)
class RoomStateAdmin(Events):
    list_display = columns(models.RoomStateData, "timestamp", "room", "what", "value", "detail", "title")


@admin.register(models.CoverageSpan)
class CoverageAdmin(Events):
    list_display = columns(models.CoverageSpan, "timestamp", "end", "room", "state", "cause", "detail")
