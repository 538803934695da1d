"""What the site said that this version does not know: new commands, changed shapes, rejected messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProtocolNews(models.Model):
    """A row for each name, of all rooms. No error: everything else is read and counted as ever.

    Reading the same frames again raises ``count`` again; ``first_seen`` only gets earlier.
    """

    class Kind(models.TextChoices):
        UNKNOWN_COMMAND = "unknown command", _("Unknown command")
        CHANGED_SHAPE = "changed shape", _("Changed shape")
        REJECTED = "rejected", _("Rejected")

    kind = models.TextField(_("kind"), choices=Kind.choices)
    name = models.TextField(_("command, and what is new about it"))
    first_seen = models.DateTimeField(_("first seen"))
    last_seen = models.DateTimeField(_("last seen"))
    count = models.BigIntegerField(_("count"), db_default=0)
    #: JSON of one such message without its words and numbers; "" when there was none to redact.
    sample = models.TextField(_("redacted sample"), db_default="")
    #: The newest that said so: a newer one may know it.
    parser_version = models.IntegerField(_("parser version"))

    class Meta:
        db_table = "live_data_protocolnews"
        verbose_name = _("news of the protocol")
        verbose_name_plural = _("news of the protocol")
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="protocol_news_once")]

    def __str__(self) -> str:
        return self.name
