"""The tables. The seed's five keep their names and columns; docs/definitions.md explains the figures."""

from live_data.models.accounting import EventCount, JournalPosition, SyncCursor
from live_data.models.chat import DanmakuData, InteractionData
from live_data.models.clock import ClockReading
from live_data.models.copies import DatabaseCopy
from live_data.models.coverage import CoverageSpan
from live_data.models.days import DayCount, PersonDay, PersonRoom, RollupCalendar, SummedDays
from live_data.models.dead_letters import DeadLetter
from live_data.models.descriptions import RoomDescription
from live_data.models.gift_days import GiftDay
from live_data.models.gifts import GiftData
from live_data.models.guards import GuardPurchase, GuardReportData
from live_data.models.migration_log import DataMigrationLog
from live_data.models.minutes import GaugeMinute, MinuteCount
from live_data.models.news import ProtocolNews
from live_data.models.people import PersonName
from live_data.models.red_packets import RedPacketData, RedPacketReportData
from live_data.models.retention import ErasedPerson, RetentionFloor
from live_data.models.room_states import RoomStateData
from live_data.models.rooms import LiveRoom
from live_data.models.search import NameFilling, SearchFilling
from live_data.models.sessions import (
    LiveSession,
    PolledState,
    SessionCorrection,
    SessionFigures,
    UnsettledRoom,
)
from live_data.models.super_chats import SuperChatData, SuperChatDeletionData
from live_data.models.tasks import MonitoringTask

__all__ = [
    "ClockReading",
    "CoverageSpan",
    "DanmakuData",
    "DataMigrationLog",
    "DatabaseCopy",
    "DayCount",
    "DeadLetter",
    "ErasedPerson",
    "EventCount",
    "GaugeMinute",
    "GiftData",
    "GiftDay",
    "GuardPurchase",
    "GuardReportData",
    "InteractionData",
    "JournalPosition",
    "LiveRoom",
    "LiveSession",
    "MinuteCount",
    "MonitoringTask",
    "NameFilling",
    "PersonDay",
    "PersonName",
    "PersonRoom",
    "PolledState",
    "ProtocolNews",
    "RedPacketData",
    "RedPacketReportData",
    "RetentionFloor",
    "RollupCalendar",
    "RoomDescription",
    "RoomStateData",
    "SearchFilling",
    "SessionCorrection",
    "SessionFigures",
    "SummedDays",
    "SuperChatData",
    "SuperChatDeletionData",
    "SyncCursor",
    "UnsettledRoom",
]
