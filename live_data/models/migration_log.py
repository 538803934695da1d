"""Runs of the sync."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class DataMigrationLog(models.Model):
    """A run by hand, an hour of the continuous sync, or a failure."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        SUCCESS = "success", _("Success")
        FAILED = "failed", _("Failed")

    migration_type = models.CharField(_("kind of run"), max_length=50)
    start_time = models.DateTimeField(_("start"))
    end_time = models.DateTimeField(_("end"), null=True)
    total_records = models.BigIntegerField(_("rows in all"), db_default=0)
    success_records = models.BigIntegerField(_("rows stored"), db_default=0)
    failed_records = models.BigIntegerField(_("rows failed"), db_default=0)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, db_default="running")
    error_message = models.TextField(_("error"), null=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        db_table = "live_data_datamigrationlog"
        verbose_name = _("sync run")
        verbose_name_plural = _("sync runs")
        indexes = [models.Index(fields=["status", "start_time"], name="idx_migration_status")]

    def __str__(self) -> str:
        return f"{self.migration_type} {self.start_time:%Y-%m-%d %H:%M:%S}"
