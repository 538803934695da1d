"""The project as an app, only so that its system checks are registered."""

from django.apps import AppConfig
from django.core import checks


class ProjectConfig(AppConfig):
    """Registers the checks when Django starts."""

    name = "bilibili_monitor"

    def ready(self) -> None:
        """Called by Django once all apps are loaded."""
        from bilibili_monitor.checks import front_end_is_installed  # noqa: PLC0415 - settings are ready only now

        checks.register(front_end_is_installed)
