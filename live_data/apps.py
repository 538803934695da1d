"""The Django app: what was collected, kept and shown."""

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy


class LiveDataConfig(AppConfig):
    name = "live_data"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = gettext_lazy("Bilibili live")

    def ready(self) -> None:
        """Registers the system checks."""
        from live_data.checks import (  # noqa: PLC0415 - needs the models
            database_can_shrink,
            days_are_as_set,
            rooms_are_rooms,
            server_fits,
        )

        checks.register(rooms_are_rooms)
        checks.register(days_are_as_set, checks.Tags.database)
        checks.register(database_can_shrink, checks.Tags.database)
        checks.register(server_fits, checks.Tags.database)
