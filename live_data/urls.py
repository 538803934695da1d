"""Addresses below /live/."""

from django.urls import URLPattern

app_name = "live_data"
urlpatterns: list[URLPattern] = []
