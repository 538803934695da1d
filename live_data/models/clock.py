"""What collectors found out about their clocks."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from live_data.models.event_row import EventIdField


class ClockReading(models.Model):
    """At ``timestamp`` a collector's clock was set by ``ms``, or the site's was ``ms`` ahead of it."""

    class Kind(models.TextChoices):
        STEP = "step", _("set, or slept")
        OFFSET = "offset", _("compared with the site's")

    event_id = EventIdField(verbose_name=_("event ID"), unique=True)
    #: By the collector's clock; of a step, after it.
    timestamp = models.DateTimeField(_("time"), db_index=True)
    collector = models.TextField(_("collector"))
    kind = models.TextField(_("kind"), choices=Kind.choices)
    ms = models.BigIntegerField(_("milliseconds"))
    #: An offset lies between ms - uncertain_ms and ms + uncertain_ms.
    uncertain_ms = models.BigIntegerField(_("uncertainty (ms)"), db_default=0)

    class Meta:
        db_table = "live_data_clockreading"
        verbose_name = _("clock reading")
        verbose_name_plural = _("clock readings")

    def __str__(self) -> str:
        return bytes(self.event_id).hex()
