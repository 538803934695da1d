"""What running monitoring tasks collected, and what went wrong in their rooms."""

from datetime import datetime

from live_data.models import MonitoringTask
from live_data.storing import counts
from live_data.storing.counts import Counts, Outcome
from live_data.storing.events import Stored


def add(stored: Stored, total: Counts, now: datetime) -> None:
    """``total``: what became of everything, not of the rows alone."""
    errors = {
        (room_id, name): count
        for (room_id, outcome, name), count in total.items()
        if outcome == Outcome.REJECTED.value and count > 0 and name not in (counts.ERASED, counts.EXPIRED)
    }
    if not (stored.danmaku or stored.gifts or errors):
        return
    running = MonitoringTask.objects.filter(status=MonitoringTask.Status.RUNNING)
    # Locked: the sync of another partition may add to the same task at the same time.
    for task in running.select_for_update().order_by("pk"):
        rooms = set(task.room_ids)
        task.collected_danmaku += sum(stored.danmaku[room_id] for room_id in rooms)
        task.collected_gifts += sum(stored.gifts[room_id] for room_id in rooms)
        own = {key: count for key, count in errors.items() if key[0] in rooms}
        if own:
            room_id, name = max(own)
            task.error_count += sum(own.values())
            task.last_error = f"room {room_id}: {name}"
        task.updated_at = now
        task.save(
            update_fields=["collected_danmaku", "collected_gifts", "error_count", "last_error", "updated_at"]
        )
