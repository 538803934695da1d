"""The way to Bilibili that all rooms of this collector share."""

from dataclasses import dataclass

from bilibili_live.api import Bilibili
from bilibili_live.client import ConnectGate
from collector.lookup import RoomLookup
from collector.missed_super_chats import MissedSuperChats
from collector.starvation import Starvation


@dataclass(frozen=True, slots=True)
class Site:
    site: Bilibili
    gate: ConnectGate  #: spaces the connects of this process
    lookup: RoomLookup
    missed: MissedSuperChats
    starvation: Starvation
    connections: int = 1  #: to each room
