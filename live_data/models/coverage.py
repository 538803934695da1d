"""When each room was covered, degraded or blind, and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from live_data.models.event_row import EventRow

#: Causes of being blind that somebody chose.
ON_PURPOSE = ("not live",)

JOURNAL_DAMAGED = "journal damaged"  #: cause
NOT_RUNNING = "collector was not running"  #: cause


class CoverageSpan(EventRow):
    """From ``timestamp`` to ``end`` (null = until now) the room was in ``state``.

    Of two spans, the one with the later ``received_at`` was noted later, also when a clock was set back.
    """

    state = models.TextField(_("state"))  #: "covered", "degraded", "blind"
    cause = models.TextField(_("cause"), db_default="")
    detail = models.TextField(_("details"), db_default="")
    end = models.DateTimeField(_("end"), null=True)

    class Meta:
        db_table = "live_data_coveragespan"
        verbose_name = _("coverage span")
        verbose_name_plural = _("coverage spans")
        indexes = [
            models.Index(fields=["room", "timestamp"], name="idx_coverage_room_time"),
            models.Index(fields=["room", "received_at"], name="idx_coverage_room_noted"),
            models.Index(fields=["room", "end"], name="idx_coverage_room_end"),
            models.Index(fields=["end"], name="idx_coverage_end"),  # which were open at some time
        ]
