"""For work beside the sync that must see and leave rows and rollups in step."""

from live_data.models import SyncCursor


def lock_out_syncs() -> None:
    """Until the caller's transaction ends. On SQLite the transaction itself does."""
    list(SyncCursor.objects.select_for_update().order_by("partition"))
