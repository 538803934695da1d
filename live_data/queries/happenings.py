"""What happened to one room, newest first."""

from live_data.models import RoomStateData


def newest(room_id: int, limit: int) -> list[RoomStateData]:
    """Up to ``limit`` of them. The site says two or three times that one session began: once is enough."""
    rows = RoomStateData.objects.filter(room_id=room_id).order_by("-timestamp", "-pk")[:limit]
    sessions: set[str] = set()
    found = [row for row in reversed(rows) if not _is_said_again(row, sessions)]
    return found[::-1]


def _is_said_again(row: RoomStateData, sessions: set[str]) -> bool:
    """``sessions`` are the keys of those that have begun; grows."""
    if row.what != "live" or not row.value:
        return False
    is_known = row.value in sessions
    sessions.add(row.value)
    return is_known
