"""How far the indexes of search reach."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SearchFilling(models.Model):
    """One row while the index is being filled with what was stored before it; none when it has everything.

    Rows of events from ``filled_from`` on are in the index, all older ones are not yet.
    """

    filled_from = models.BigIntegerField(_("filled from"))  #: a docid; see live_data/search/documents.py

    class Meta:
        db_table = "live_data_searchfilling"
        verbose_name = _("filling of the search index")
        verbose_name_plural = _("filling of the search index")

    def __str__(self) -> str:
        return str(self.filled_from)


class NameFilling(models.Model):
    """One row as soon as the index of names has any: up to which PersonName it has all of them."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    filled_to = models.BigIntegerField(_("filled to"))  #: the number of a row

    class Meta:
        db_table = "live_data_namefilling"
        verbose_name = _("filling of the index of names")
        verbose_name_plural = _("filling of the index of names")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="name_filling_once")]

    def __str__(self) -> str:
        return str(self.filled_to)
