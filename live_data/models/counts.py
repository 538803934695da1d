"""The columns of everything that is counted in rooms."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

#: Their names, as rollups write them.
COUNTS = ("danmaku", "gifts", "super_chats", "guards", "gift_gold", "super_chat_gold", "guard_gold")

#: Rows with any of what chatters, or payers, do.
CHATTED = Q(danmaku__gt=0)
PAID = Q(gift_gold__gt=0) | Q(super_chat_gold__gt=0) | Q(guard_gold__gt=0)


class Counts(models.Model):
    """Of things that happened; mirrored danmaku are in no count."""

    danmaku = models.BigIntegerField(_("danmaku"), db_default=0)
    gifts = models.BigIntegerField(_("gifts"), db_default=0)  #: lines
    super_chats = models.BigIntegerField(_("super chats"), db_default=0)
    guards = models.BigIntegerField(_("guards"), db_default=0)  #: purchases
    gift_gold = models.BigIntegerField(_("gold seeds from gifts"), db_default=0)  #: revenue, as the next two
    super_chat_gold = models.BigIntegerField(_("gold seeds from super chats"), db_default=0)
    guard_gold = models.BigIntegerField(_("gold seeds from guards"), db_default=0)

    class Meta:
        abstract = True


def revenue() -> models.GeneratedField:
    """A column: the revenue of all kinds."""
    return models.GeneratedField(
        verbose_name=_("revenue in gold seeds"),
        expression=F("gift_gold") + F("super_chat_gold") + F("guard_gold"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
