"""Django's admin over every table: to look up single rows, and to set what only people decide.

Rows of events and what is derived from them are shown and never changed: their counts, rollups and the
books would no longer agree with them.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from live_data.admin import accounting, derived, events, retention, rooms, tasks

admin.site.site_header = _("Bilibili Live Monitor")
admin.site.site_title = _("Bilibili Live Monitor")
admin.site.index_title = _("All tables")
admin.site.site_url = "/live/"

__all__ = ["accounting", "derived", "events", "retention", "rooms", "tasks"]
