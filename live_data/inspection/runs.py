"""Runs of the sync: hours of the continuous one, those by hand, failures."""

from live_data.models import DataMigrationLog

_MOST = 20


def newest() -> list[DataMigrationLog]:
    """Newest first."""
    return list(DataMigrationLog.objects.order_by("-pk")[:_MOST])
