"""When each room was covered, degraded or blind, and why."""

from django.db import models

from live_data.models.event_row import EventRow


class CoverageSpan(EventRow):
    """From ``timestamp`` to ``end`` (null = until now) the room was in ``state``."""

    state = models.TextField()  #: "covered", "degraded", "blind"
    cause = models.TextField(db_default="")
    detail = models.TextField(db_default="")
    end = models.DateTimeField(null=True)

    class Meta:
        db_table = "live_data_coveragespan"
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_coverage_room_time"),
            models.Index(fields=["end"], name="idx_coverage_end"),  # which were open at some time
        ]
