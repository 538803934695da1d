"""`manage.py messages`: brings the catalogue of translations up to the sources. Part of `make messages`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from bilibili_monitor import catalogue


class Command(BaseCommand):
    """A line for each language: how many sentences it lacks."""

    help = "Adds new sentences of the sources to locale/*/LC_MESSAGES/django.po, and takes out those gone."

    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        gathered = catalogue.gather(settings.BASE_DIR)
        for path in sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po")):
            lacking = catalogue.update(path, gathered)
            self.stdout.write(f"{path.parts[-3]}: {lacking} of {len(gathered)} sentences are not translated.")
