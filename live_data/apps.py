"""The Django app: what was collected, kept and shown."""

from django.apps import AppConfig


class LiveDataConfig(AppConfig):
    name = "live_data"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Bilibili live"
