"""Pages of tables with millions of rows: nothing counts them, and nothing sorts them."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

MOST = 10_000  #: rows that can be paged through; older ones are found by searching

if TYPE_CHECKING:
    _Paginator = Paginator[Model]
else:
    _Paginator = Paginator  # not generic at run time


class BoundedPaginator(_Paginator):
    """Pages of the first MOST rows: a table of millions is as long as one of MOST."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are rows behind the last page."""
        return self._counted > MOST

    @cached_property
    def _counted(self) -> int:
        rows: QuerySet[Model] = self.object_list  # type: ignore[assignment]  # pages of other things have no use
        return rows[: MOST + 1].count()


class FixedOrder(ChangeList):
    """A list in its own order, whatever `?o=` asks for: another one would sort the whole table."""

    def get_ordering(self, request: HttpRequest, queryset: "QuerySet[Any]") -> list[Any]:
        return list(self.model_admin.get_ordering(request))
