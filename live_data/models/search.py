"""How far the search index reaches back."""

from django.db import models
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
