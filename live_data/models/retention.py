"""What the sync refuses to store: events older than a kind's floor, and people who were erased."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionFloor(models.Model):
    """Events of ``kind`` with an own time before ``floor`` are refused, wherever they come from.

    Raised by a retention setting only, never by a clean-up by hand.
    """

    #: as in bilibili_live.events: "danmaku", "gift", ...
    kind = models.TextField(_("kind of event"), unique=True)
    floor = models.DateTimeField(_("earliest time kept"))

    class Meta:
        db_table = "live_data_retentionfloor"
        verbose_name = _("retention floor")
        verbose_name_plural = _("retention floors")

    def __str__(self) -> str:
        return self.kind


class ErasedPerson(models.Model):
    """A tombstone: nothing of this person is stored again by a replay, an import or a restore."""

    uid = models.BigIntegerField(_("user ID"), unique=True)

    class Meta:
        db_table = "live_data_erasedperson"
        verbose_name = _("erased person")
        verbose_name_plural = _("erased people")

    def __str__(self) -> str:
        return str(self.uid)
