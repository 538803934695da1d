"""The tables. The seed's five keep their names and columns; docs/definitions.md explains the figures."""

from live_data.models.accounting import EventCount, JournalPosition, SyncCursor
from live_data.models.chat import DanmakuData, InteractionData
from live_data.models.coverage import CoverageSpan
from live_data.models.gifts import GiftData
from live_data.models.guards import GuardPurchase, GuardReportData
from live_data.models.migration_log import DataMigrationLog
from live_data.models.minutes import GaugeMinute, MinuteCount
from live_data.models.retention import ErasedPerson, RetentionFloor
from live_data.models.room_states import RoomStateData
from live_data.models.rooms import LiveRoom
from live_data.models.super_chats import SuperChatData, SuperChatDeletionData
from live_data.models.tasks import MonitoringTask

__all__ = [
    "CoverageSpan",
    "DanmakuData",
    "DataMigrationLog",
    "ErasedPerson",
    "EventCount",
    "GaugeMinute",
    "GiftData",
    "GuardPurchase",
    "GuardReportData",
    "InteractionData",
    "JournalPosition",
    "LiveRoom",
    "MinuteCount",
    "MonitoringTask",
    "RetentionFloor",
    "RoomStateData",
    "SuperChatData",
    "SuperChatDeletionData",
    "SyncCursor",
]
