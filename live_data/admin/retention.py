"""What the sync refuses to store."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from live_data.admin.columns import columns
from live_data.admin.tables import ReadOnly, Table
from live_data.forms.admin import ErasedPersonForm
from live_data.models import ErasedPerson, RetentionFloor


@admin.register(RetentionFloor)
class RetentionFloorAdmin(ReadOnly):
    """A setting raises it: by hand, a time in the future would have everything new refused."""

    list_display = columns(RetentionFloor, "kind", "floor")
    search_fields = ("kind",)


@admin.register(ErasedPerson)
class ErasedPersonAdmin(Table):
    """A tombstone can be set and taken away, not moved to somebody else."""

    form = ErasedPersonForm
    list_display = ("uid",)
    search_fields = ("uid__exact",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
