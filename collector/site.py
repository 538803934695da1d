"""The way to Bilibili that all rooms of this collector share."""

from dataclasses import dataclass

from bilibili_live.api import Bilibili
from bilibili_live.client import ConnectGate
from collector.lookup import RoomLookup


@dataclass(frozen=True, slots=True)
class Site:
    site: Bilibili
    gate: ConnectGate  #: spaces the connects of this process
    lookup: RoomLookup
