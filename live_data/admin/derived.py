"""What is read out of events: guard purchases, red packets, counts, gauges, names, descriptions, sessions."""

from django.contrib import admin

from live_data import models
from live_data.admin.columns import columns
from live_data.admin.searching import BY_ROOM, BY_ROOM_OR_EVENT, BY_ROOM_OR_USER, BY_USER
from live_data.admin.tables import Large, ReadOnly


@admin.register(models.GuardPurchase)
class GuardPurchaseAdmin(Large):
    list_display = columns(
        models.GuardPurchase, "timestamp", "room", "username", "uid", "guard_level", "num", "gold"
    )
    search_fields = ("room_id", "event_id")
    search_help_text = BY_ROOM_OR_EVENT


@admin.register(models.RedPacketData)
class RedPacketAdmin(Large):
    list_display = columns(
        models.RedPacketData,
        "timestamp",
        "room",
        "username",
        "uid",
        "paid_gold",
        "gifts_gold",
        "winners",
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


@admin.register(models.DayCount)
class DayCountAdmin(Large):
    list_display = columns(
        models.DayCount, "day", "room", "danmaku", "gifts", "super_chats", "guards", "gold"
    )
    search_fields = ("room_id",)
    search_help_text = BY_ROOM
    newest_of_room = ("-day",)


@admin.register(models.PersonDay)
class PersonDayAdmin(Large):
    list_display = columns(
        models.PersonDay, "day", "room", "uid", "danmaku", "gifts", "super_chats", "guards", "gift_gold"
    )
    search_fields = ("room_id",)
    search_help_text = BY_ROOM
    newest_of_room = ("-day", "-uid")


@admin.register(models.GiftDay)
class GiftDayAdmin(Large):
    list_display = columns(
        models.GiftDay, "day", "room", "name", "number", "is_box", "sort", "lines", "num", "coins", "gold"
    )
    search_fields = ("room_id",)
    search_help_text = BY_ROOM
    newest_of_room = ("-day", "-sort", "-is_box", "-number", "-name")


@admin.register(models.PersonRoom)
class PersonRoomAdmin(Large):
    list_display = columns(
        models.PersonRoom,
        "room",
        "uid",
        "first_day",
        "last_day",
        "first_chat_day",
        "first_paid_day",
        "danmaku",
        "gifts",
        "super_chats",
        "guards",
    )
    search_fields = ("room_id", "uid")
    search_help_text = BY_ROOM_OR_USER
    newest_of_room = ("-uid",)
    newest_of_person = ("-room_id",)


@admin.register(models.SummedDays)
class SummedDaysAdmin(ReadOnly):
    list_display = columns(models.SummedDays, "room", "before")


@admin.register(models.PersonName)
class PersonNameAdmin(Large):
    list_display = columns(models.PersonName, "uid", "username", "first_day", "last_day")
    search_fields = ("uid",)
    search_help_text = BY_USER
    newest_of_person = ("-username",)
    rooms_beside = False


@admin.register(models.RollupCalendar)
class RollupCalendarAdmin(ReadOnly):
    list_display = columns(models.RollupCalendar, "zone", "day_start", "is_whole")


@admin.register(models.GaugeMinute)
class GaugeMinuteAdmin(Large):
    list_display = columns(models.GaugeMinute, "minute", "room", "name", "low", "high", "last", "samples")
    search_fields = ("room_id",)
    search_help_text = BY_ROOM
    newest_of_room = ("-minute", "-name")


@admin.register(models.RoomDescription)
class RoomDescriptionAdmin(Large):
    list_display = columns(models.RoomDescription, "since", "room", "title", "area_name", "uname", "cover")
    search_fields = ("room_id",)
    search_help_text = BY_ROOM
    newest_of_room = ("-since",)


@admin.register(models.PolledState)
class PolledStateAdmin(Large):
    list_display = columns(models.PolledState, "timestamp", "room", "status", "live_since_ms")
    search_fields = ("room_id",)
    search_help_text = BY_ROOM
    newest_of_room = ("-timestamp", "-status", "-live_since_ms")


@admin.register(models.LiveSession)
class LiveSessionAdmin(Large):
    list_display = columns(
        models.LiveSession, "begin", "begin_is", "end", "end_is", "room", "title", "area_name"
    )
    search_fields = ("room_id",)
    search_help_text = BY_ROOM
    newest_of_room = ("-begin",)


@admin.register(models.SessionCorrection)
class SessionCorrectionAdmin(Large):
    list_display = columns(models.SessionCorrection, "made_at", "room", "kind", "anchor", "at", "undone_at")
    search_fields = ("room_id",)
    search_help_text = BY_ROOM
    newest_of_room = ("-pk",)


@admin.register(models.SearchFilling)
class SearchFillingAdmin(ReadOnly):
    list_display = columns(models.SearchFilling, "filled_from")


@admin.register(models.NameFilling)
class NameFillingAdmin(ReadOnly):
    list_display = columns(models.NameFilling, "filled_to")
