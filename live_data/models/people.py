"""People, over all rooms."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonName(models.Model):
    """A name that a person had, from the first to the last day of statistics on which it was shown with
    something that rollups count. Derived, as the rollups are."""

    uid = models.BigIntegerField(_("user ID"))
    username = models.TextField(_("user name"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        db_table = "live_data_personname"
        verbose_name = _("name of a person")
        verbose_name_plural = _("names of people")
        constraints = [models.UniqueConstraint(fields=["uid", "username"], name="person_name_once")]

    def __str__(self) -> str:
        return f"{self.uid} {self.username}"
