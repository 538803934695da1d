"""What a database that is the copy of another one says of itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DatabaseCopy(models.Model):
    """One row in a database that `copy_database` has filled, or is filling; see live_data/moving.py."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    #: When its first migration was applied, in ISO 8601: no two databases share the microsecond.
    source = models.TextField(_("source"))
    begun_at = models.DateTimeField(_("begun at"))
    completed_at = models.DateTimeField(_("completed at"), null=True)

    class Meta:
        db_table = "live_data_databasecopy"
        verbose_name = _("copy of a database")
        verbose_name_plural = _("copies of databases")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="database_copy_once")]

    def __str__(self) -> str:
        return self.source
