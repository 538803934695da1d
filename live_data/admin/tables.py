"""What all tables have in common: pages without a count, searches through an index, nothing to change."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from live_data.admin import searching
from live_data.admin.columns import Column, column
from live_data.admin.paging import BoundedPaginator, FixedOrder
from live_data.models.person_index import of_people

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    Rows = QuerySet[Any]
else:
    _ModelAdmin = admin.ModelAdmin  # not generic at run time
    Rows = QuerySet


class Table(_ModelAdmin):
    """A table, newest rows first."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would be a count
    ordering = ("-pk",)
    sortable_by = ()
    list_per_page = 100

    class Media:
        css = {"all": ["live_data/css/admin.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FixedOrder]:
        return FixedOrder

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the filters of the page themselves ask for: an address can scan no table."""
        return lookup in {f"{name}__exact" for name in self.list_filter}

    def get_search_results(self, request: HttpRequest, queryset: Rows, search_term: str) -> tuple[Rows, bool]:
        if len(search_term) > searching.MOST_CHARACTERS:
            return _nothing(request, queryset, searching.TOO_LONG % {"most": searching.MOST_CHARACTERS})
        return super().get_search_results(request, queryset, search_term)


class ReadOnly(Table):
    """A table that only the program itself writes."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """All columns, also those that no form can have: ids in bytes, generated ones."""
        return [self._column(field.name) for field in self.opts.concrete_fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return self.get_fields(request, obj)

    def _column(self, name: str) -> Column:
        return column(self.model, name)


class Large(ReadOnly):
    """A table of many millions of rows: searched by the columns in ``search_fields``, which have indexes."""

    #: The order of one room's rows, as its index has them.
    newest_of_room: tuple[str, ...] = ("-timestamp", "-pk")
    #: The same of one person's rows, where the index has more than the uid.
    newest_of_person: tuple[str, ...] = ("-pk",)
    rooms_beside = True  #: rows belong to rooms

    def get_queryset(self, request: HttpRequest) -> Rows:
        # Not select_related: a join lets SQLite begin with the rooms, and sort all their rows.
        rows = super().get_queryset(request)
        return rows.prefetch_related("room") if self.rooms_beside else rows

    def get_search_results(self, request: HttpRequest, queryset: Rows, search_term: str) -> tuple[Rows, bool]:
        if not search_term.strip():
            return queryset, False
        wanted = searching.wanted(search_term)
        if wanted is None or wanted.field not in self.search_fields:
            return _nothing(request, queryset, self.search_help_text)
        if wanted.field == "uid" and isinstance(wanted.value, int):
            found = of_people(queryset, [wanted.value])
        else:
            found = queryset.filter(**{wanted.field: wanted.value})
        orders = {"room_id": self.newest_of_room, "uid": self.newest_of_person}
        return found.order_by(*orders.get(wanted.field, ("-pk",))), False


def _nothing(request: HttpRequest, queryset: Rows, why: Any) -> tuple[Rows, bool]:
    messages.warning(request, why)
    return queryset.none(), False
