"""Where requests go: all to the app, whose pages live below /live/."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(url="/live/")),
    path("live/", include("live_data.urls")),
]
